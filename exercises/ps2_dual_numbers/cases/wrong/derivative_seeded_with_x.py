# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "f got x as dual part too"
# names = ["seed-x"]
# ///
# %% derivative
def derivative(f, x):
    return f(DualNumber(x, x)).dual
