# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "responsibilities that are not normalised"
# names = ["not-normalised-memberships"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint), total.sum()
