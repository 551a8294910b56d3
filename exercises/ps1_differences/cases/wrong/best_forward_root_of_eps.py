# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "sqrt(eps) for every function: a rule of thumb"
# names = ["root-of-eps"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    return np.sqrt(np.finfo(precision).eps)
