# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "normalised along the wrong axis"
# names = ["normalised-wrong-axis"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint - log_sum(joint.T)[:, None]), total.sum()
