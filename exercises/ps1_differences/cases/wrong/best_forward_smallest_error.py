# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "the smallest error in place of the step"
# names = ["error-for-step"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    h = 2 * np.sqrt(eps * abs(value / second))
    return h / 2 * abs(second) + 2 * eps * abs(value) / h
