# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "half steps"
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h
