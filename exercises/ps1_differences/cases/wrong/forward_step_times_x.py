# /// case
# set = "ps1"
# fails = ["forward-difference"]
# says = "the step is h times x"
# names = ["step-times-x"]
# ///
# %% forward
def forward_slope(f, x, h):
    return (f(x * (1 + h)) - f(x)) / (h * x)
