# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "itself had stopped with NameError"
# names = []
# ///
# The function is used above the line that defines it, so it never comes to be.
# %% forward
slope = forward_slope(np.sin, 1.0, 0.1)


def forward_slope(f, x, h):
    return (f(x + h) - f(x)) / h
