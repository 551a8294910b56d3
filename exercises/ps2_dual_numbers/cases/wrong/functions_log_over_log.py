# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the slope of the logarithm is 1 / x, not 1 / log(x)"
# names = ["log-over-log"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), z.dual / log(z.real))
