# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "a step of your own"
# names = ["own-step"]
# ///
# %% forward
def forward_slope(f, x, h):
    h = 1e-7
    return (f(x + h) - f(x)) / h
