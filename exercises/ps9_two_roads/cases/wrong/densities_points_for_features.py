# /// case
# set = "ps9"
# fails = ["densities-diagonal", "densities-full"]
# says = "len(points) is n, and d is points.shape[1]"
# names = ["points-for-dimensions"]
# ///
# %% densities
def log_densities(points, means, diagonals, corners):
    K, d = means.value.shape
    factors = corners * np.tril(np.ones((d, d)), -1) + diagonals.exp().reshape((K, 1, d)) * np.eye(d)
    z = (points - means.reshape((K, 1, d))) @ factors
    return diagonals.sum(axis=1).reshape((K, 1)) - 0.5 * (z**2).sum(axis=2) - len(points) / 2 * np.log(2 * np.pi)
