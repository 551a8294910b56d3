# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "math.sqrt refuses a negative number"
# names = ["math-root-of-negative"]
# ///
# %% best-forward
import math


def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return 2 * math.sqrt(eps * value / second)
