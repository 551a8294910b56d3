# /// case
# set = "ps1"
# fails = ["best-central-step"]
# says = "the 3 stands outside of the cube root"
# names = ["factor-3-outside"]
# ///
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps
    return 3 * np.cbrt(eps * abs(value) / abs(third))
