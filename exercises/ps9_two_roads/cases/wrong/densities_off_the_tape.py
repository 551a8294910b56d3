# /// case
# set = "ps9"
# fails = ["densities-full"]
# says = "the tape has not seen how they came about"
# names = ["densities-off-tape"]
# ///
# %% densities
def log_densities(points, means, diagonals, corners):
    means, diagonals, corners = means.value, diagonals.value, corners.value
    K, d = means.shape
    W = corners * np.tril(np.ones((d, d)), -1) + np.exp(diagonals).reshape((K, 1, d)) * np.eye(d)
    z = (points - means.reshape((K, 1, d))) @ W
    return Node(diagonals.sum(axis=1, keepdims=True) - 0.5 * (z * z).sum(axis=2) - d / 2 * np.log(2 * np.pi))
