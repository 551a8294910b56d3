# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "eps is missing: the step must know"
# names = ["no-eps"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    return 2 * np.sqrt(abs(value / second))
