# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "the mean over the points"
# names = ["mean-likelihood"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    entropy = -np.sum(R * np.log(np.where(R > 0, R, 1.0)))
    return (np.sum(R * log_joint(points, mixture)) + entropy) / len(points)
