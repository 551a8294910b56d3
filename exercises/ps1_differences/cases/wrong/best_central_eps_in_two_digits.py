# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "eps in two digits"
# names = ["eps-rounded"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = 2.2e-16 if precision == "float64" else 1.2e-7
    return np.cbrt(3 * eps * abs(value) / abs(third))
