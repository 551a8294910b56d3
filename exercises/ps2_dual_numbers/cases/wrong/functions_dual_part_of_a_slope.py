# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "has no attribute 'dual'"
# names = []
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real).dual * z.dual)
