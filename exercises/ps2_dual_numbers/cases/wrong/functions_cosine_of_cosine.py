# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "the slope of the cosine is minus the sine, not minus the cosine"
# names = ["cosine-of-cosine"]
# ///
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), -cos(z.real) * z.dual)
