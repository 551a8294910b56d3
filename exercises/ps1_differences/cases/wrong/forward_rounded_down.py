# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "`//` in place of `/`"
# names = ["floor-division"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x + h) - f(x)) // h
