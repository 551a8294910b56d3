# /// case
# set = "ps7"
# fails = ["far-points"]
# says = "responsibilities divided as they stand"
# names = ["memberships-as-they-stand"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    density = np.exp(joint)
    return density / density.sum(axis=0), log_sum(joint).sum()
