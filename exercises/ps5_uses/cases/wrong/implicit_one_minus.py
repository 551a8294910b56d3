# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "1 - h f' takes h f' from a matrix of ones"
# names = ["ones-for-identity"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y, I = y, np.eye(len(y))
    for _ in range(iterations):
        Y = Y - np.linalg.solve(1 - h * jacobian(Y), Y - y - h * f(Y))
    return Y
