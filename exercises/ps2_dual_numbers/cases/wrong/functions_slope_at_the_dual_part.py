# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "cos(x') in place of cos(x) x'"
# names = ["slope-at-dual-part"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.dual))
