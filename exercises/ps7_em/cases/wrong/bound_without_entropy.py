# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "the entropy is missing"
# names = ["no-entropy"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    return np.sum(R * log_joint(points, mixture))
