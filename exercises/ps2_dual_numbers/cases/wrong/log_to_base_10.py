# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the logarithm to the base 10"
# names = ["log-to-base-10"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log10(z)
    return DualNumber(math.log10(z.real), z.dual / z.real)
