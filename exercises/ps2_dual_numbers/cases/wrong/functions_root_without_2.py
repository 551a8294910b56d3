# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the 2 is missing: the slope of the root is 1 / (2 sqrt(x))"
# names = ["root-no-2"]
# ///
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / sqrt(z.real))
