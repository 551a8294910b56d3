# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "a forward difference: it looks at x and x + h"
# names = ["forward-difference"]
# ///
# A forward difference sold as central.
# %% central
def central_slope(f, x, h):
    return (f(x + h) - f(x)) / h
