# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "the densities of all points are added"
# names = ["densities-of-points-added"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint - total), log_sum(total[:, None])[0]
