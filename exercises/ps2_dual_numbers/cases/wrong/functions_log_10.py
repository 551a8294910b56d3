# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the slope is that of the logarithm with base 10"
# names = ["log-10"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), z.dual / (z.real * math.log(10)))
