# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "divided by h: the two points are 2h apart"
# names = ["divided-by-h"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h) - f(x - h)) / h
