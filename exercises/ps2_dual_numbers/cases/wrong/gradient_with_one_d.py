# /// case
# set = "ps2"
# fails = ["gradient-of-a-program", "gradient-in-one-run"]
# says = "all variables share one d"
# names = ["one-d-for-all-variables"]
# ///
# %% gradient
def gradient(f, point):
    return f(*[DualNumber(x, 1.0) for x in point]).dual
