# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the eps of float32, whatever the precision"
# names = ["float32-always"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo("float32").eps
    return np.cbrt(3 * eps * abs(value / third))
