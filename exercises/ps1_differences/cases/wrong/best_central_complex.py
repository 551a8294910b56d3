# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "makes the power of a negative number complex"
# names = ["complex-step-size"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = float(np.finfo(precision).eps)
    return (3 * eps * value / third) ** (1 / 3)
