# /// case
# set = "ps2"
# fails = []
# ///
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return sin(z + math.pi / 2)
