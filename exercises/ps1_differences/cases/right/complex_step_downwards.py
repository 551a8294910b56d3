# /// case
# set = "ps1"
# fails = []
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return -np.imag(f(x - 1j * h)) / h
