# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "a cube root: E'(h) = 0 gives the square of h"
# names = ["cube-root"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = np.finfo(precision).eps
    return np.cbrt(4 * eps * abs(value / second))
