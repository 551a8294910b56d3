# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "the logarithms are normalised"
# names = ["logs-normalised"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return joint / joint.sum(axis=0), total.sum()
