# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "divided by x + h, the place of the second point"
# names = ["divided-by-x-plus-h"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x + h) - f(x)) / (x + h)
