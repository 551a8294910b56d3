# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "an iteration more than asked for"
# names = ["one-iteration-more"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y = y.copy()
    for _ in range(iterations + 1):
        Y = Y - np.linalg.solve(np.eye(len(y)) - h * jacobian(Y), Y - y - h * f(Y))
    return Y
