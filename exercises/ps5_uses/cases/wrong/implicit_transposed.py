# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "the Jacobian is transposed"
# names = ["implicit-transposed"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y, I = y, np.eye(len(y))
    for _ in range(iterations):
        Y = Y - np.linalg.solve(I - h * jacobian(Y).T, Y - y - h * f(Y))
    return Y
