# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "divides the second value alone"
# names = ["brackets-missing-2"]
# ///
# %% central
def central_slope(f, x, h):
    return f(x + h) - f(x - h) / (2 * h)
