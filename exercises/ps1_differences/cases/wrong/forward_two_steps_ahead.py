# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "the second point is x + 2h, and not x + h"
# names = ["two-steps-ahead"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x + 2 * h) - f(x)) / (2 * h)
