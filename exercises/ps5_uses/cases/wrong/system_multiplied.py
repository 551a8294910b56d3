# /// case
# set = "ps5"
# fails = ["newton-system"]
# says = "multiplied by the Jacobian"
# names = ["system-multiplied"]
# ///
# %% system
def newton_step(f, jacobian, x):
    return x - jacobian(x) @ f(x)
