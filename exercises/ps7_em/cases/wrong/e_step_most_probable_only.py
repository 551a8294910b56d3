# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "the most probable component alone"
# names = ["most-probable-alone"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint - total), joint.max(axis=0).sum()
