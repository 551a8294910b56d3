# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "the explicit step"
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    return y + h * f(y)
