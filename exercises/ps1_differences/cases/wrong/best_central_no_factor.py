# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the factor 3 is missing"
# names = ["factor-3-missing"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return np.cbrt(eps * abs(value / third))
