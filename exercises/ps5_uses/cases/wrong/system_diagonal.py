# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "only the diagonal"
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - f(x) / np.diag(jacobian(x))
