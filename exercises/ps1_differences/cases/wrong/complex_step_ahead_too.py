# /// case
# set = "ps1"
# fails = ["complex-any-step"]
# says = "the step goes ahead too, to x + h + 1j * h"
# names = ["real-step-too"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.imag(f(x + h + 1j * h)) / h
