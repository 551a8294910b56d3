# /// case
# set = "ps2"
# fails = ["second-derivative"]
# says = "f'(f'(x))"
# names = ["at-the-slope"]
# ///
# %% higher.second_derivative
def second_derivative(f, x):
    return derivative(f, derivative(f, x))
