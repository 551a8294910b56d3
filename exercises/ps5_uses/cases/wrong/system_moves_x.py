# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "`newton_step` has changed `x`"
# ///
# %% system
def newton_step(f, jacobian, x):
    x -= np.linalg.solve(jacobian(x), f(x))
    return x
