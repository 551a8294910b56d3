# /// case
# set = "ps5"
# fails = ["implicit-many"]
# says = "one iteration, whatever"
# names = ["one-iteration"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    return y + np.linalg.solve(np.eye(len(y)) - h * jacobian(y), h * f(y))
