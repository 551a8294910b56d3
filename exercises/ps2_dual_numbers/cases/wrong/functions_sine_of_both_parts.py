# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "`sin` is applied to the dual part too"
# names = ["sin-to-both-parts"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), sin(z.dual))
