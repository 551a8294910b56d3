# /// case
# set = "ps1"
# fails = []
# ///
# %% forward
def forward_slope(f, x, h):
    rise = -f(x)
    rise += f(x + h)
    return rise / h
