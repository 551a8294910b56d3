# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "the value of f: the derivative is the dual part"
# names = ["value-for-derivative"]
# ///
# %% derivative
def derivative(f, x):
    return f(DualNumber(x, 1.0)).real
