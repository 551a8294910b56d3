# /// case
# set = "ps5"
# fails = ["implicit-one", "implicit-many"]
# says = "fixed-point iteration"
# names = ["explicit-step", "fixed-point"]
# ///
# %% implicit
def implicit_step(f, jacobian, y, h, iterations):
    Y = y
    for _ in range(iterations):
        Y = y + h * f(Y)
    return Y
