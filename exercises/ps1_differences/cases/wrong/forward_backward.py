# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "a backward difference"
# names = ["backward-difference"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x) - f(x - h)) / h
