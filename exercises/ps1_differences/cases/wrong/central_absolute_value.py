# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "the absolute value was taken"
# names = ["absolute-value"]
# ///
# %% central
def central_slope(f, x, h):
    return abs(f(x + h) - f(x - h)) / (2 * h)
