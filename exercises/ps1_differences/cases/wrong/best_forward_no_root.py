# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "the square of the step"
# names = ["square-of-step"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return 4 * eps * abs(value / second)
