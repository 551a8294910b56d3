# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "or with complex ones a complex step"
# names = ["divided-difference"]
# ///
# %% derivative
def derivative(f, x):
    return f(complex(x, 1e-20)).imag / 1e-20
