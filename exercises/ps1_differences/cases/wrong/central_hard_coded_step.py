# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "a step of your own"
# names = ["own-step"]
# ///
# %% central
def central_slope(f, x, h):
    h = 1e-6
    return (f(x + h) - f(x - h)) / (2 * h)
