# /// case
# set = "ps5"
# fails = ["implicit-many"]
# says = "both names mean one array"
# names = ["y-changed"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y = y
    for _ in range(iterations):
        Y -= np.linalg.solve(np.eye(len(y)) - h * jacobian(Y), Y - y - h * f(Y))
    return Y
