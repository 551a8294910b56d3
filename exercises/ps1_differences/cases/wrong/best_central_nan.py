# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "a power of a negative number is nan"
# names = ["power-of-negative"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return (3 * eps * value / third) ** (1 / 3)
