# /// case
# set = "ps1"
# fails = ["central-difference"]
# says = "rounded to 5 decimals"
# names = []
# ///
# %% central
def central_slope(f, x, h):
    return np.round((f(x + h) - f(x - h)) / (2 * h), 5)
