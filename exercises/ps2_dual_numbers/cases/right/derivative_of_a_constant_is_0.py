# /// case
# set = "ps2"
# fails = []
# ///
# %% derivative
def derivative(f, x):
    z = f(DualNumber(x, 1))
    return z.dual if isinstance(z, DualNumber) else 0.0
