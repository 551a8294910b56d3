# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "and of forward differences"
# names = ["root-of-eps-2"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    return np.sqrt(np.finfo(precision).eps)
