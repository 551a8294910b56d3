# /// case
# set = "ps9"
# fails = ["likelihood-value", "likelihood-far"]
# says = "the largest term is taken out and not put back"
# names = ["largest-not-put-back"]
# ///
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    K = logits.value.shape[0]
    joint = log_weights(logits).reshape((K, 1)) + log_densities(points, means, diagonals, corners)
    top = joint.value.max(axis=0)
    return (joint - top).exp().sum(axis=0).log().sum()
