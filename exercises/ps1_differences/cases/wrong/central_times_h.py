# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "`/ 2 * h` divides by 2"
# names = ["over-2-times-h"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h
