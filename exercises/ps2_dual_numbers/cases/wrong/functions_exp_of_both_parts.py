# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "`exp` is applied to the dual part too"
# names = ["exp-to-both-parts"]
# ///
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.dual))
