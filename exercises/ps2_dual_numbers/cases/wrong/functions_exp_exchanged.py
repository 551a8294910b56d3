# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "real and dual part of `exp` are exchanged"
# names = ["exp-exchanged"]
# ///
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real) * z.dual, exp(z.real))
