# /// case
# set = "ps9"
# fails = ["likelihood-value", "likelihood-far"]
# says = "one value for each point"
# names = ["likelihood-of-each"]
# ///
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    K = logits.value.shape[0]
    joint = log_weights(logits).reshape((K, 1)) + log_densities(points, means, diagonals, corners)
    top = joint.value.max(axis=0)
    return ((joint - top).exp().sum(axis=0).log() + top)
