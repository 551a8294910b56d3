# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "Your notebook defines no `forward_slope`"
# names = []
# ///
# %% forward
def slope(f, x, h):
    return (f(x + h) - f(x)) / h
