# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "a factor 2 is missing"
# names = ["factor-2-missing"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return np.sqrt(eps * abs(value / second))
