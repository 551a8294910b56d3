# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "the log-likelihood: the bound depends on the R that is given"
# names = ["likelihood-for-bound"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    R, _ = memberships(points, mixture)
    return np.sum(R * (log_joint(points, mixture) - np.log(R)))
