# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "twice the best step"
# names = ["factor-2-twice"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return 4 * np.sqrt(eps * abs(value) / abs(second))
