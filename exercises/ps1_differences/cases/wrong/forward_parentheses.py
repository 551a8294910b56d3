# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "divides f(x) alone"
# names = ["brackets-missing"]
# ///
# %% forward
def forward_slope(f, x, h):
    return f(x + h) - f(x) / h
