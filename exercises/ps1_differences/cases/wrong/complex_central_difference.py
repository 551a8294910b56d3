# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "a real step on both sides is a central difference"
# names = ["real-central-step"]
# ///
# The best that real steps can do is eleven digits.
# %% complex
def complex_slope(f, x, h=6e-6):
    return (f(x + h) - f(x - h)) / (2 * h)
