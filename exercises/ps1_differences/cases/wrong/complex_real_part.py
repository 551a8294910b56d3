# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "the real part in place"
# names = ["real-part"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.real(f(x + 1j * h)) / h
