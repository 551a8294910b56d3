# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "x + 1e-20 is x"
# names = ["real-step", "real-forward-step"]
# ///
# Also hits "a real step, x + h, is a forward difference" of the second check.
# %% complex
def complex_slope(f, x, h=1e-20):
    return (f(x + h) - f(x)) / h
