# /// case
# set = "ps1"
# fails = []
# ///
# %% central
def central_slope(f, x, h):
    ahead = (f(x + h) - f(x)) / h
    behind = (f(x) - f(x - h)) / h
    return 0.5 * (ahead + behind)
