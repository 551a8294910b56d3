# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "the logarithms of the responsibilities"
# names = ["logs-of-memberships"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return joint - total, total.sum()
