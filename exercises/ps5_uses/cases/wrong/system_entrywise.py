# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "the Jacobian is inverted entry by entry: the inverse of a matrix is another thing"
# names = ["entry-by-entry-inverse"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - (1 / jacobian(x)) @ f(x)
