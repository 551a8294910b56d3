# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "takes one number and refuses an array"
# names = ["one-number-only"]
# ///
# %% central
def central_slope(f, x, h):
    x = float(x)
    return (f(x + h) - f(x - h)) / (2 * h)
