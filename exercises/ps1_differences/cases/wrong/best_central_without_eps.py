# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "eps is missing: the step must know"
# names = ["no-eps"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    return np.cbrt(3 * abs(value / third))
