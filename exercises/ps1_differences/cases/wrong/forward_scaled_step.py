# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "expected"
# names = []
# ///
# A step that the student finds better than the one that was asked for: wrong, and no mistake that has a name.
# %% forward
def forward_slope(f, x, h):
    h = h * max(1.0, abs(x)) / 2
    return (f(x + h) - f(x)) / h
