# /// case
# set = "ps2"
# fails = ["exp-log-sqrt"]
# says = "give them the real part"
# names = ["math-of-dual"]
# ///
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(math.exp(z), math.exp(z) * z.dual)
