# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "`** (1 // 3)` is the power 0, which gives 1"
# names = ["power-1-floor-3"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return (3 * eps * abs(value) / abs(third)) ** (1 // 3)
