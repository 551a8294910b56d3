# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "divided by the square of h"
# names = ["divided-by-h-squared"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x + h) - f(x)) / h**2
