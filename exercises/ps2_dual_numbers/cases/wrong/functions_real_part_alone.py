# /// case
# set = "ps2"
# fails = ["sine-cosine"]
# says = "expected a dict, {real part:"
# names = []
# ///
# %% functions.sin
def sin(z):
    return np.sin(z.real)
