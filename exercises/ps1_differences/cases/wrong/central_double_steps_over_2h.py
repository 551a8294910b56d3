# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "it looks at x + 2h and x - 2h, which are 4h apart, and divides by 2h"
# names = ["double-steps-over-2h"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + 2*h) - f(x - 2*h)) / (2 * h)
