# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "divided by 2 and not by h"
# names = ["divided-by-2"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h) - f(x - h)) / 2
