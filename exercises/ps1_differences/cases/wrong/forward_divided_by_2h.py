# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "divided by 2h: the two points are h apart, not 2h"
# names = ["divided-by-2h"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x + h) - f(x)) / (2 * h)
