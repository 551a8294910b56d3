# /// case
# set = "ps1"
# fails = ["complex-any-step"]
# says = "divided by 1e-20 in place of the h that was given"
# names = ["divided-by-own-step"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    return np.imag(f(x + 1j * h)) / 1e-20
