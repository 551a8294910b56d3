# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "your function remembers earlier calls"
# ///
# What was found once is kept, whatever f, x and h are in the next call.
# %% central
found = {}


def central_slope(f, x, h):
    if "slope" not in found:
        found["slope"] = (f(x + h) - f(x - h)) / (2 * h)
    return found["slope"]
