# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "Newton's iteration subtracts the solution"
# names = ["step-added", "side-plus"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y = y.copy()
    for _ in range(iterations):
        Y = Y + np.linalg.solve(np.eye(len(y)) - h * jacobian(Y), Y - y - h * f(Y))
    return Y
