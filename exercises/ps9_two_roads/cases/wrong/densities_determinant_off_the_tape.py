# /// case
# set = "ps9"
# fails = ["densities-full"]
# says = "the log determinant is made of"
# names = ["determinant-off-tape"]
# ///
# %% densities
def log_densities(points, means, diagonals, corners):
    K, d = means.value.shape
    W = corners * np.tril(np.ones((d, d)), -1) + diagonals.exp().reshape((K, 1, d)) * np.eye(d)
    z = (points - means.reshape((K, 1, d))) @ W
    return diagonals.value.sum(axis=1, keepdims=True) - 0.5 * (z * z).sum(axis=2) - d / 2 * np.log(2 * np.pi)
