# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "in Python the imaginary unit is written 1j"
# names = ["i-for-1j"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.imag(f(x + j * h)) / h
