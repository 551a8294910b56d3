# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "write `** (1 / 3)`"
# names = ["power-1-over-3"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return (3 * eps * abs(value / third)) ** 1 / 3
