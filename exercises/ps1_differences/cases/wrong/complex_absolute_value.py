# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "the absolute value was taken"
# names = ["slope-without-sign"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.abs(np.imag(f(x + 1j * h)) / h)
