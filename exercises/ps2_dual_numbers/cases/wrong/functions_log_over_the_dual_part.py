# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "1 / x' in place of x' / x"
# names = ["log-over-dual"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), 1 / z.dual)
