# /// case
# set = "ps1"
# fails = []
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return (f(x + 1j * h) - f(x - 1j * h)).imag / (2 * h)
