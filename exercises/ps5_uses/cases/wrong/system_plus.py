# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "plus for minus"
# ///
# %% system
def newton_step(f, jacobian, x):
    return x + np.linalg.solve(jacobian(x), f(x))
