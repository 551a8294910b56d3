# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "the quotient (f(x + ih) - f(x)) / (ih)"
# names = ["complex-number", "complex-quotient"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return (f(x + 1j * h) - f(x + 0j)) / (1j * h)
