# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "plus for minus: the right-hand side of the system is -f"
# names = ["system-plus"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return x + np.linalg.solve(jacobian(x), f(x))
