# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "the slopes are written into the caller's array"
# names = ["slopes-into-x"]
# ///
# %% central
def central_slope(f, x, h):
    if isinstance(x, float):
        return (f(x + h) - f(x - h)) / (2 * h)
    y = x
    for k in range(len(x)):
        y[k] = (f(x[k] + h) - f(x[k] - h)) / (2 * h)
    return y
