# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "you returned nan"
# names = []
# ///
# The sign stands within the logarithm, which is of a negative number then.
# %% elbo
def lower_bound(points, R, mixture):
    with np.errstate(all="ignore"):
        return np.nansum(R * log_joint(points, mixture)) + np.sum(R * np.log(-R))
