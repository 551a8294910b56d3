# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "f(x) + h in place of f(x + h)"
# names = ["h-outside-f"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x) + h - f(x)) / h
