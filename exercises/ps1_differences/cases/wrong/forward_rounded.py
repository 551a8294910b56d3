# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "rounded to 4 decimals"
# names = []
# ///
# %% forward
def forward_slope(f, x, h):
    return round((f(x + h) - f(x)) / h, 4)
