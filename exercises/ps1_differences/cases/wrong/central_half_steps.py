# /// case
# set = "ps1"
# fails = ["central-difference", "central-arrays"]
# says = "half steps: it looks at x + h/2"
# names = ["half-steps"]
# ///
# %% central
def central_slope(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h
