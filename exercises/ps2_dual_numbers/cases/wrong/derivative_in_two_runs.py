# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "several runs of f: one run on a dual number"
# names = ["several-runs"]
# ///
# %% derivative
def derivative(f, x):
    value = f(DualNumber(x, 0.0)).real
    return (f(DualNumber(x, 1.0)) - value).dual
