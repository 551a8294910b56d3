# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "f(x - h) - f(x + h) in place of f(x + h) - f(x - h): the sign is wrong"
# names = ["difference-turned-round-2"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x - h) - f(x + h)) / (2 * h)
