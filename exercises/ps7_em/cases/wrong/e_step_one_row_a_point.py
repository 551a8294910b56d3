# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "one row a point: asked is one row a component"
# names = ["points-in-rows"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    return np.exp(joint - total).T, total.sum()
