# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "the second point is x + h/2, and not x + h"
# names = ["half-a-step-ahead"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x + h/2) - f(x)) / (h/2)
