# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "1, the dual part that f got"
# names = ["part-given-in"]
# ///
# %% derivative
def derivative(f, x):
    return DualNumber(f(x), 1.0).dual
