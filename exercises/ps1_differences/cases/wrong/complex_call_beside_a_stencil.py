# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = ""
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    f(x + 1j * h)
    s = 2e-2
    d = lambda k: (f(x + k * s) - f(x - k * s)) / (2 * k * s)
    return 8/5 * d(1) - 4/5 * d(2) + 8/35 * d(3) - 1/35 * d(4)
