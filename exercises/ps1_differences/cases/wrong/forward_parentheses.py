# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "divides f(x) alone"
# ///
# %% forward
def forward_slope(f, x, h):
    return f(x + h) - f(x) / h
