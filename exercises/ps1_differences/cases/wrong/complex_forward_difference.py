# /// case
# set = "ps1"
# fails = ["complex-step", "complex-any-step"]
# says = "a real step, x + h, is a forward difference"
# names = ["real-forward-step"]
# ///
# The digits cancel again: eight of sixteen are lost.
# %% complex
def complex_slope(f, x, h=1e-8):
    return (f(x + h) - f(x)) / h
