# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "no inner derivative in `sin`"
# names = ["sine-no-inner"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real))
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
