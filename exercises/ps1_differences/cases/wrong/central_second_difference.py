# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "f(x + h) - 2 f(x) + f(x - h), divided by h^2, is near the second derivative"
# names = ["second-difference"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2
