# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "I + h f' in place of I - h f'"
# names = ["plus-h-slope"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y, I = y, np.eye(len(y))
    for _ in range(iterations):
        Y = Y - np.linalg.solve(I + h * jacobian(Y), Y - y - h * f(Y))
    return Y
