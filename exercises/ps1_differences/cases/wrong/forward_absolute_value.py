# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "the absolute value was taken"
# names = ["absolute-value"]
# ///
# %% forward
def forward_slope(f, x, h):
    return abs(f(x + h) - f(x)) / h
