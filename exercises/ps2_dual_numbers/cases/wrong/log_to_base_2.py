# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the logarithm to the base 2"
# names = ["log-to-base-2"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log2(z)
    return DualNumber(math.log2(z.real), z.dual / z.real)
