# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "eps stands outside of the root"
# names = ["eps-outside"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return 2 * eps * np.sqrt(abs(value) / abs(second))
