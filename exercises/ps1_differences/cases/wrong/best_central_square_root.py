# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "a square root: E'(h) = 0 gives the cube of h"
# names = ["square-root"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return np.sqrt(3 * eps * abs(value / third))
