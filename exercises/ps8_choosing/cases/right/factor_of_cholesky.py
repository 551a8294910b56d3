# /// case
# set = "ps8"
# fails = []
# says = ""
# ///
# %% collapse
def collapsed(covariances, spread, thin):
    units = np.linalg.cholesky(covariances) / spread[:, None]  # the rows of the factor have the points' units
    return [k for k, L in enumerate(units) if np.linalg.norm(L, -2) < thin]
