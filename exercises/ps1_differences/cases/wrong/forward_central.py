# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "a central difference"
# names = ["central-difference"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)
