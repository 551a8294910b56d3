# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the slope of the logarithm is 1 / x"
# names = ["log-slope-x"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), z.dual * z.real)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
