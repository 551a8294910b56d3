# /// case
# set = "ps8"
# fails = []
# says = ""
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    D = np.diag(1 / spread)
    thinnest = np.array([np.sqrt(np.linalg.svd(D @ c @ D, compute_uv=False).min()) for c in covariances])
    return np.flatnonzero(thinnest < thin)
