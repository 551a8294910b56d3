# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "half of the dual part"
# names = ["root-half"]
# ///
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    root = sqrt(z.real)
    return DualNumber(root, 0.5 * z.dual)
