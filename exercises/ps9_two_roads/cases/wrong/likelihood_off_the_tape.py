# /// case
# set = "ps9"
# fails = ["likelihood-value"]
# says = "a node is made of a plain number"
# names = ["likelihood-off-tape"]
# ///
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    joint = log_weights(logits).value[:, None] + log_densities(points, means, diagonals, corners).value
    largest = joint.max(axis=0)
    return Node((np.log(np.exp(joint - largest).sum(axis=0)) + largest).sum())
