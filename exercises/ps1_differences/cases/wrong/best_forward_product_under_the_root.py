# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "the product of |f| and"
# ///
# The smallest error has the same formula: neither of the two is said to be the mistake.
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    return 2 * np.sqrt(np.finfo(precision).eps * abs(value) * abs(second))
