# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "np.asarray makes no copy"
# names = ["x-changed"]
# ///
# %% central
def central_slope(f, x, h):
    x = np.asarray(x, dtype=float)
    x += h
    right = f(x)
    x -= 2 * h
    left = f(x)
    return (right - left) / (2 * h)
