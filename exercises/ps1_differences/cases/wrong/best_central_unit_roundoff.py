# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "half of eps, the unit roundoff"
# names = ["unit-roundoff"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps / 2
    return np.cbrt(3 * eps * abs(value / third))
