# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the slope of the root is 1 / (2 sqrt(x)), not 1 / (2 x)"
# names = ["root-of-x-lost"]
# ///
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * z.real))
