# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "f ran on the plain number x"
# names = ["plain-x"]
# ///
# %% derivative
def derivative(f, x):
    return f(x).dual
