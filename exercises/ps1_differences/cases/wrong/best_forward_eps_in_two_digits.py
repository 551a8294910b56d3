# /// case
# set = "ps1"
# fails = ["best-forward-step"]
# says = "eps in two digits"
# names = ["eps-rounded"]
# ///
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    eps = 2.2e-16 if precision == "float64" else 1.2e-7
    return 2 * np.sqrt(eps * abs(value) / abs(second))
