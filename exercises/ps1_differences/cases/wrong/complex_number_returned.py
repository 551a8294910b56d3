# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "the slope as a complex number"
# names = ["complex-number"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.imag(f(x + 1j * h)) / h + 0j
