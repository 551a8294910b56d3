# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "the explicit step, y + h f(y), or one fixed-point iteration, which is the same"
# names = ["explicit-step"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    return y + h * f(y)
