# /// case
# set = "ps5"
# fails = ["implicit-many"]
# says = "there is no stopping rule here"
# ///
# A hundredth is far from arrived, too.
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y = y
    for _ in range(iterations):
        step = np.linalg.solve(np.eye(len(y)) - h * jacobian(Y), Y - y - h * f(Y))
        Y = Y - step
        if np.abs(step).max() < 1e-2:
            break
    return Y
