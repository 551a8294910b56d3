# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "you returned a list"
# names = []
# ///
# %% central
def central_slope(f, x, h):
    if np.ndim(x) == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    return [(f(p + h) - f(p - h)) / (2 * h) for p in x]
