# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "no inner derivative in `log`"
# names = ["log-no-inner"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), 1 / z.real)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
