# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the eps of float64, whatever the precision"
# names = ["float64-always"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(float).eps
    return np.cbrt(3 * eps * abs(value / third))
