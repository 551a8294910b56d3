# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "transposed"
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - np.linalg.solve(jacobian(x).T, f(x))
