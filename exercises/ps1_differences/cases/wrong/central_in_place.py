# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "`x += h` writes into the caller's array"
# names = ["x-changed-in-place"]
# ///
# %% central
def central_slope(f, x, h):
    x += h
    right = f(x)
    x -= 2 * h
    left = f(x)
    return (right - left) / (2 * h)
