# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "an `if` asks one question, and an array has many answers"
# names = ["truth-of-an-array"]
# ///
# %% central
def central_slope(f, x, h):
    if x > 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    return (f(x + h) - f(x - h)) / (2 * h)
