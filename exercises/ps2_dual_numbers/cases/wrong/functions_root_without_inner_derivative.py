# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "no inner derivative in `sqrt`"
# names = ["root-no-inner"]
# ///
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), 1 / (2 * sqrt(z.real)))
