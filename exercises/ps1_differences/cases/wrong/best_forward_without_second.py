# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "|f''| is missing"
# names = ["no-second"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    return np.sqrt(np.finfo(precision).eps * abs(value))
