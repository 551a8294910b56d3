# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "the weights are left out of the joint"
# names = ["bound-no-weights"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    weights = np.array([[weight] for weight, _, _ in mixture])
    entropy = -np.sum(R * np.log(np.where(R > 0, R, 1.0)))
    return np.sum(R * (log_joint(points, mixture) - np.log(weights))) + entropy
