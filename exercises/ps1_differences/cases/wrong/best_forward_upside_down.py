# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "upside down: more curvature"
# names = ["upside-down"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return 2 * np.sqrt(eps * abs(second / value))
