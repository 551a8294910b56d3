# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "a backward difference"
# names = ["backward-difference-2"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x) - f(x - h)) / h
