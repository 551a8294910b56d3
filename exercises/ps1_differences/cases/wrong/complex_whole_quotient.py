# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "the whole quotient"
# names = ["whole-quotient"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return f(x + 1j * h) / h
