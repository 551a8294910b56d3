# /// case
# set = "ps1"
# fails = ["complex-any-step"]
# says = "a step of your own"
# names = ["own-step"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    h = 1e-20
    return np.imag(f(x + 1j * h)) / h
