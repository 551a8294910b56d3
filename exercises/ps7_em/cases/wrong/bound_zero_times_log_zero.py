# /// case
# set = "ps7"
# fails = ["bound-with-zeros"]
# says = "0 log 0 is computed as 0 times -inf"
# names = ["zero-times-log"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    return np.sum(R * (log_joint(points, mixture) - np.log(R)))
