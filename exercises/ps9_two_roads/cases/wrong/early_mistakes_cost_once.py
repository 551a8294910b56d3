# /// case
# set = "ps9"
# fails = ["weights-value", "densities-diagonal", "densities-full"]
# says = "exp of a logit of 1000 is infinite: subtract the largest logit first"
# names = ["exp-overflows", "no-determinant"]
# ///
# %% weights
def log_weights(logits):
    return logits - logits.exp().sum().log()
# %% densities
def log_densities(points, means, diagonals, corners):
    K, d = means.value.shape
    factors = corners * np.tril(np.ones((d, d)), -1) + diagonals.exp().reshape((K, 1, d)) * np.eye(d)
    z = (points - means.reshape((K, 1, d))) @ factors
    return 0.0 - 0.5 * (z**2).sum(axis=2) - d / 2 * np.log(2 * np.pi)
