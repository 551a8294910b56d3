# /// case
# set = "ps9"
# fails = ["densities-diagonal", "densities-full"]
# says = "np.log10 is the logarithm to the base 10"
# names = ["constant-to-base-10"]
# ///
# %% densities
def log_densities(points, means, diagonals, corners):
    K, d = means.value.shape
    factors = corners * np.tril(np.ones((d, d)), -1) + diagonals.exp().reshape((K, 1, d)) * np.eye(d)
    z = (points - means.reshape((K, 1, d))) @ factors
    return diagonals.sum(axis=1).reshape((K, 1)) - 0.5 * (z**2).sum(axis=2) - d / 2 * np.log10(2 * np.pi)
