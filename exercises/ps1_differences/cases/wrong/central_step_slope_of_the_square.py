# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "h/6 is taken for the slope of h^2/6"
# names = ["errors-set-equal"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    slope_of_square = 1 / 6  # h^2 / 6 differentiated as h / 6
    return (eps * abs(value) / (slope_of_square * abs(third))) ** (1 / 3)
