# /// case
# set = "ps7"
# fails = ["memberships", "far-points"]
# says = "the weights are left out: Bayes' rule"
# names = ["no-prior"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    total = log_sum(joint)
    likelihood = joint - np.log([[weight] for weight, _, _ in mixture])
    return np.exp(likelihood - log_sum(likelihood)), total.sum()
