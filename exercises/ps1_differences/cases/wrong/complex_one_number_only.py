# /// case
# set = "ps1"
# fails = ["complex-any-step"]
# says = "takes one number and refuses an array"
# names = ["complex-one-number"]
# ///
# %% complex
def complex_slope(f, x, h=1e-20):
    x = complex(x, h)
    return f(x).imag / h
