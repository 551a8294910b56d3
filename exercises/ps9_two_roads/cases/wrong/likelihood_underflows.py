# /// case
# set = "ps9"
# fails = ["likelihood-far"]
# says = "a density underflows to 0"
# names = ["underflow"]
# ///
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    K = logits.value.shape[0]
    joint = log_weights(logits).reshape((K, 1)) + log_densities(points, means, diagonals, corners)
    top = joint.value.max(axis=0)
    return joint.exp().sum(axis=0).log().sum()
