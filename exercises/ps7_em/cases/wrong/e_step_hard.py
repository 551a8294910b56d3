# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "hard assignment: the whole of each point to its most probable component"
# names = ["hard-memberships"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return (joint == joint.max(axis=0)) * 1.0, total.sum()
