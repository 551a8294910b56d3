# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "the root of a negative number is nan"
# names = ["root-of-negative-value"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return 2 * np.sqrt(eps * value / abs(second))
