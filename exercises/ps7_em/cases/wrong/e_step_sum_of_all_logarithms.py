# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "the sum of all joint log densities"
# names = ["sum-of-all-joints"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint - total), joint.sum()
