# /// case
# set = "ps0"
# fails = ["circle-area"]
# says = "a radius that is not squared"
# ///
# %% area
def area(radius):
    return np.pi * radius
