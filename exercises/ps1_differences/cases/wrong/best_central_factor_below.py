# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the 3 stands below, and belongs above"
# names = ["factor-3-below"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return np.cbrt(eps * abs(value) / (3 * abs(third)))
