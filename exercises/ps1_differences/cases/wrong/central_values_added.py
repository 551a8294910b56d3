# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "the two values are added"
# names = ["values-added"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h) + f(x - h)) / (2 * h)
