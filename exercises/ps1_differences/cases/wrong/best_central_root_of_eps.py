# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the cube root of eps for every function"
# names = ["cube-root-of-eps"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    return np.finfo(precision).eps ** (1 / 3)
