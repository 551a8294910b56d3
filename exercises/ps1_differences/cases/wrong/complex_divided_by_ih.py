# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "divided by ih"
# names = ["divided-by-ih"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.imag(f(x + 1j * h)) / (1j * h)
