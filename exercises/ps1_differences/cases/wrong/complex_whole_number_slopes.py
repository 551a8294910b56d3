# /// case
# set = "ps1"
# fails = ["complex-any-step"]
# says = "an array of whole numbers, which cuts off"
# names = ["whole-number-array"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    if np.ndim(x) == 0:
        return np.imag(f(x + 1j * h)) / h
    slopes = np.empty_like(x)
    for k, point in enumerate(x):
        slopes[k] = np.imag(f(point + 1j * h)) / h
    return slopes
