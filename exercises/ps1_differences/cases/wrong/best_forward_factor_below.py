# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "a quarter of the best step"
# names = ["factor-2-below"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return np.sqrt(eps * abs(value) / abs(second)) / 2
