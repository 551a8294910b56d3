# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "the eps of float64, whatever the precision"
# names = ["float64-always"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(float).eps
    return 2 * np.sqrt(eps * abs(value / second))
