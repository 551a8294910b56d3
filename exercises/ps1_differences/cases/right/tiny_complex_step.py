# /// case
# set = "ps1"
# fails = []
# ///
# Another default step: any that is small enough will do.
# %% complex
def complex_slope(f, x, h=1e-100):
    return np.imag(f(np.add(x, 1j * h))) / h
