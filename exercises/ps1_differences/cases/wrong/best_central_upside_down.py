# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "upside down: a larger |f'''|"
# names = ["upside-down-2"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return np.cbrt(3 * eps * abs(third / value))
