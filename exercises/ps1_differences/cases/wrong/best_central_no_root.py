# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the cube of the step"
# names = ["cube-of-step"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return 3 * eps * abs(value / third)
