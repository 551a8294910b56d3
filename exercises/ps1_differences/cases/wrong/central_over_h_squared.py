# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "divided by the square of h"
# names = ["divided-by-h-squared"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h) - f(x - h)) / h**2
