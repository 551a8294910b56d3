# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "a factor sqrt(2) is missing"
# names = ["root-2-missing", "unit-roundoff"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return np.sqrt(2 * eps * abs(value / second))
