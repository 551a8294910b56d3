# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the best step of the forward difference"
# names = ["forwards-step"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return 2 * np.sqrt(eps * abs(value / third))
