# /// case
# set = "ps2"
# fails = ["sine-cosine", "exp-log-sqrt"]
# says = "`z.real.dual` asks for the dual part of the real part, which is a plain number here"
# names = ["dual-part-of-real"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real) * z.real.dual)
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.real) * z.real.dual)
