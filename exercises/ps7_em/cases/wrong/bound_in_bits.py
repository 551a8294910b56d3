# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "the entropy in bits, by np.log2"
# names = ["entropy-in-bits"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    return np.sum(R * log_joint(points, mixture)) - np.sum(R * np.log2(np.where(R > 0, R, 1.0)))
