# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "exp of the densities"
# names = ["densities-exponentiated"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    density = np.exp(joint)
    e = np.exp(density - density.max(axis=0))
    return e / e.sum(axis=0), total.sum()
