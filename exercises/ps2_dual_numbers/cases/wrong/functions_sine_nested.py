# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "is a dual number: make it of parts, `.real` and `.dual`"
# names = []
# ///
# %% functions.sin
def sin(z):
    if isinstance(z, DualNumber):
        return DualNumber(sin(z.real), cos(z) * z.dual)
    return np.sin(z)
