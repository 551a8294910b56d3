# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "`sqrt` is applied to the dual part too"
# names = ["sqrt-to-both-parts"]
# ///
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    root = sqrt(z.real)
    return DualNumber(root, sqrt(z.dual))
