# /// case
# set = "ps2"
# fails = ["derivative-of-a-program"]
# says = "as a divided difference gives it"
# names = ["divided-difference"]
# ///
# %% derivative
def derivative(f, x):
    h = 1e-6
    return (f(x + h) - f(x - h)) / (2 * h)
