# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "`cos` is applied to the dual part too"
# names = ["cos-to-both-parts"]
# ///
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), cos(z.dual))
