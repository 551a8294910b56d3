# /// case
# set = "ps8"
# fails = ["collapsed-units"]
# says = "`collapsed` has changed `covariances`"
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    covariances /= np.outer(spread, spread)
    return [k for k, covariance in enumerate(covariances) if np.linalg.eigvalsh(covariance)[0] < thin**2]
