# /// case
# set = "ps1"
# fails = ["central-arrays"]
# says = "an array of whole numbers, which cuts off"
# names = ["whole-number-array"]
# ///
# %% central
def central_slope(f, x, h):
    if np.ndim(x) == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    slopes = np.zeros_like(x)
    for k in range(len(x)):
        slopes[k] = (f(x[k] + h) - f(x[k] - h)) / (2 * h)
    return slopes
