# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the two errors are set equal"
# names = ["errors-set-equal"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return np.cbrt(6 * eps * abs(value / third))
