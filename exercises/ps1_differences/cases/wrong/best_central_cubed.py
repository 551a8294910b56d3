# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the third power in place of the cube root"
# names = ["cubed"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return (3 * eps * abs(value) / abs(third)) ** 3
