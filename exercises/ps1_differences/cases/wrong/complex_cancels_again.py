# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "real parts are subtracted"
# names = ["real-step", "real-parts-cancel"]
# ///
# Steps sideways, but subtracts real parts as before.
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.real(f(x + 1j * h) - f(x + 0j)) / h
