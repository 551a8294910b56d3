# /// case
# set = "ps5"
# fails = ["implicit-many"]
# says = "a new step at each iteration"
# names = ["walks-on"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y, I = y, np.eye(len(y))
    for _ in range(iterations):
        Y = Y - np.linalg.solve(I - h * jacobian(Y), -h * f(Y))
    return Y
