# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "the slope of the sine is the cosine, not the sine"
# names = ["sine-of-sine"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), sin(z.real) * z.dual)
