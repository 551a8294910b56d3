# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "is not divided by h"
# names = ["not-divided-by-h"]
# ///
# %% forward
def forward_slope(f, x, h):
    return f(x + h) - f(x)
