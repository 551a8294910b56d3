# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "no inner derivative in `exp`"
# names = ["exp-no-inner"]
# ///
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.real))
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
