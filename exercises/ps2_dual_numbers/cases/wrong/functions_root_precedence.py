# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "`/ 2 * root` divides by 2 and multiplies by the root"
# names = ["root-precedence"]
# ///
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    root = sqrt(z.real)
    return DualNumber(root, z.dual / 2 * root)
