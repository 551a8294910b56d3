# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "it looks at x + 2h and x - 2h, not at x + h and x - h"
# names = ["double-steps"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + 2*h) - f(x - 2*h)) / (4 * h)
