# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "the weights are left out"
# names = ["likelihood-no-weights"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    likelihood = joint - np.log([[weight] for weight, _, _ in mixture])
    return np.exp(joint - total), log_sum(likelihood).sum()
