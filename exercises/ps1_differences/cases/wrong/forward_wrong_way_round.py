# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "the sign is wrong"
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x) - f(x + h)) / h
