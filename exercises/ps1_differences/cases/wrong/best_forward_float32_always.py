# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "the eps of float32, whatever the precision"
# names = ["float32-always"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(np.float32).eps
    return 2 * np.sqrt(eps * abs(value / second))
