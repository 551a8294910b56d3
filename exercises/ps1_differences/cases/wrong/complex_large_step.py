# /// case
# set = "ps1"
# fails = ["complex-step"]
# says = "relative error"
# names = []
# ///
# A default step of 1e-4: its error, h^2 f'''/6, is nine digits short of what the complex step can do.
# %% complex
def complex_slope(f, x, h=1e-4):
    return np.imag(f(x + 1j * h)) / h
