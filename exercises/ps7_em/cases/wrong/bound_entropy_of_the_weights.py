# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "the entropy of the weights"
# names = ["entropy-of-weights"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    entropy = -sum(weight * np.log(weight) for weight, _, _ in mixture)
    return np.sum(R * log_joint(points, mixture)) + entropy
