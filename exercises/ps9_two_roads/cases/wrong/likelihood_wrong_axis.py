# /// case
# set = "ps9"
# fails = ["likelihood-value", "likelihood-far"]
# says = "the sum over the points is inside the logarithm"
# names = ["one-logarithm"]
# ///
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    K = logits.value.shape[0]
    joint = log_weights(logits).reshape((K, 1)) + log_densities(points, means, diagonals, corners)
    top = joint.value.max(axis=0)
    top = joint.value.max(axis=1)
    return ((joint - top.reshape((K, 1))).exp().sum(axis=1).log() + top).sum()
