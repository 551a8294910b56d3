# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "you returned None"
# names = []
# ///
# %% forward
def forward_slope(f, x, h):
    slope = (f(x + h) - f(x)) / h
    print(slope)
