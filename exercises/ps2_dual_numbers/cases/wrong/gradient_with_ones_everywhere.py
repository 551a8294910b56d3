# /// case
# set = "ps2"
# fails = ["gradient-of-a-program", "gradient-in-one-run"]
# says = "every variable has ones in all components"
# names = ["ones-for-all"]
# ///
# %% gradient
def gradient(f, point):
    n = len(point)
    return f(*[DualNumber(x, np.ones(n)) for x in point]).dual
