# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "the derivative of the cosine is minus the sine"
# names = ["cosine-sign"]
# ///
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), sin(z.real) * z.dual)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
