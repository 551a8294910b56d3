# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "f(x) - f(x + h) in place of f(x + h) - f(x): the sign is wrong"
# names = ["difference-turned-round"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x) - f(x + h)) / h
