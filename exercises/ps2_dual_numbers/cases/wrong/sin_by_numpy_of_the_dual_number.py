# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "give them the real part"
# names = ["math-of-dual"]
# ///
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(np.sin(z), np.cos(z) * z.dual)
