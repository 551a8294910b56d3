# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "h is missing in the matrix"
# names = ["no-h"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y, I = y, np.eye(len(y))
    for _ in range(iterations):
        Y = Y - np.linalg.solve(I - jacobian(Y), Y - y - h * f(Y))
    return Y
