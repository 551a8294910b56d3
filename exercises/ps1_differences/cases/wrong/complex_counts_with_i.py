# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "name 'i' is not defined"
# names = []
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    slopes = np.zeros(np.shape(x))
    for k in np.ndindex(slopes.shape):
        slopes[i] = np.imag(f(np.asarray(x)[k] + 1j * h)) / h
    return slopes
