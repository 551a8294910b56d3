# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "the power rule on the exponential"
# names = ["exp-as-power"]
# ///
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), z.real * exp(z.real - 1) * z.dual)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
