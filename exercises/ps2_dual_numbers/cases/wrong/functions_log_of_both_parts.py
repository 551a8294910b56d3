# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "`log` is applied to the dual part too"
# names = ["log-to-both-parts"]
# ///
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), log(z.dual))
