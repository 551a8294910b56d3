# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "divided by 2h"
# names = ["half-the-slope"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.imag(f(x + 1j * h)) / (2 * h)
