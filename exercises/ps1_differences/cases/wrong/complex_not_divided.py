# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "is not yet divided by h"
# names = ["not-divided"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.imag(f(x + 1j * h))
