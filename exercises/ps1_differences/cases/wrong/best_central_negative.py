# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "a negative step: the model has sizes, |f| and |f'''|"
# names = ["negative-step"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return np.cbrt(3 * eps * value / third)
