# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "or the result was multiplied by it"
# ///
# %% derivative
def derivative(f, x):
    return f(DualNumber(x, 1.0)).dual * x
