# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "the slope is taken at the result"
# names = ["slope-at-result"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    result = sin(z.real)
    return DualNumber(result, cos(result) * z.dual)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
