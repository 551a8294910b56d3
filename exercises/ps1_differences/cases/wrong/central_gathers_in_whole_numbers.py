# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "Cannot cast ufunc"
# names = []
# ///
# %% central
def central_slope(f, x, h):
    slopes = 0 * x
    slopes += (f(x + h) - f(x - h)) / (2 * h)
    return slopes
