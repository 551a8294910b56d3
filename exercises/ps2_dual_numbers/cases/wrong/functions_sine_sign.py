# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "the derivative of the sine is plus the cosine"
# names = ["sine-sign"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), -cos(z.real) * z.dual)
