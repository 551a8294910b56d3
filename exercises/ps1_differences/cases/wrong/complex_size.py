# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "the size of f(x + ih) in place of its imaginary part"
# names = ["size-for-imaginary"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.abs(f(x + 1j * h)) / h
