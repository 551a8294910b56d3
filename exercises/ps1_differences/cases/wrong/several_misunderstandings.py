# /// case
# set = "ps1"
# fails = ["forward-difference", "central-difference", "central-arrays", "best-forward-step", "best-central-step"]
# says = "a forward difference: it looks at x and x + h"
# names = ["own-step", "forward-difference", "root-of-eps", "root-of-eps-2"]
# ///
# A student who has not seen that there are two errors.
# %% forward
def forward_slope(f, x, h):
    h = 1e-8
    return (f(x + h) - f(x)) / h
# %% central
def central_slope(f, x, h):
    return (f(x + h) - f(x)) / h
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    return np.sqrt(np.finfo(precision).eps)
# %% best-central
def best_central_step(value, third, precision="float64"):
    return np.sqrt(np.finfo(precision).eps)
