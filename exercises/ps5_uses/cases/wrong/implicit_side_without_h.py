# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "h is missing before f(Y)"
# names = ["side-without-h"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y = y.copy()
    for _ in range(iterations):
        Y = Y - np.linalg.solve(np.eye(len(y)) - h * jacobian(Y), Y - y - f(Y))
    return Y
