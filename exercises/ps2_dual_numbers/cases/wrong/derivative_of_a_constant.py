# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "f must get a number with dual part 1"
# names = ["seed-0"]
# ///
# %% derivative
def derivative(f, x):
    return f(DualNumber(x, 0.0)).dual
