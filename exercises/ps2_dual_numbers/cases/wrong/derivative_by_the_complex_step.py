# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# ///
# %% derivative
def derivative(f, x):
    return f(DualNumber(complex(x, 1e-30), 0.0)).real.imag / 1e-30
