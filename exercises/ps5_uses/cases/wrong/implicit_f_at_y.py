# /// case
# set = "ps5"
# fails = ["implicit-many"]
# says = "f is taken at y in every iteration"
# names = ["f-at-y"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y = y.copy()
    for _ in range(iterations):
        Y = Y - np.linalg.solve(np.eye(len(y)) - h * jacobian(Y), Y - y - h * f(y))
    return Y
