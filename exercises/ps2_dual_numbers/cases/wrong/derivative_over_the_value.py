# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "the derivative is divided by the value"
# names = ["derivative-over-value"]
# ///
# %% derivative
def derivative(f, x):
    y = f(DualNumber(x, 1.0))
    return y.dual / y.real
