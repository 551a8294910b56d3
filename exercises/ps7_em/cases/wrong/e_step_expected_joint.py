# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "that is the bound without its entropy"
# names = ["averaged-joint"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    R = np.exp(joint - total)
    return R, (R * joint).sum()
