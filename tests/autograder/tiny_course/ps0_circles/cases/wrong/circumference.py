# /// case
# set = "ps0"
# fails = ["circle-area"]
# says = "the circumference in place of the area"
# ///
# %% area
def area(radius):
    return 2 * np.pi * radius
