# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "minus the log-likelihood"
# names = ["minus-likelihood"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint - total), -total.sum()
