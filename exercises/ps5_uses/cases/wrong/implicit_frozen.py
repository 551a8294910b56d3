# /// case
# set = "ps5"
# fails = ["implicit-many"]
# says = "the Jacobian at y in every iteration"
# names = ["frozen-jacobian"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y, I = y, np.eye(len(y))
    for _ in range(iterations):
        Y = Y - np.linalg.solve(I - h * jacobian(y), Y - y - h * f(Y))
    return Y
