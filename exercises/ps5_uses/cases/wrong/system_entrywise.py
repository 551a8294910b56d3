# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "entry by entry"
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - (1 / jacobian(x)) @ f(x)
