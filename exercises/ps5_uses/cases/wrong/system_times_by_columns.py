# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "multiplies each column of the inverse"
# names = ["system-by-columns"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - np.linalg.inv(jacobian(x)) * f(x)
