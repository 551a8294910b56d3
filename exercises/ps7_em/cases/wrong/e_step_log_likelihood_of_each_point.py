# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "the log-likelihood of each point"
# names = ["likelihood-of-each"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint - total), total
