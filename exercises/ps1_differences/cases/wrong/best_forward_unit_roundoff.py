# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "half of eps, the unit roundoff"
# names = ["unit-roundoff", "root-2-missing"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps / 2
    return 2 * np.sqrt(eps * abs(value) / abs(second))
