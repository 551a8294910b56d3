# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "f(x + h) is not f(x) + f(h)"
# names = ["f-of-a-sum"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x) + f(h) - f(x)) / h
