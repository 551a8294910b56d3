# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "one entry a point: asked is their sum"
# names = ["bound-of-each"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    return np.sum(R * (log_joint(points, mixture) - np.log(np.where(R > 0, R, 1.0))), axis=0)
