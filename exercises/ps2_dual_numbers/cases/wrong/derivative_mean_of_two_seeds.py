# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "0 whatever f is"
# ///
# %% derivative
def derivative(f, x):
    return (f(DualNumber(x, 1.0)).dual + f(DualNumber(x, -1.0)).dual) / 2
