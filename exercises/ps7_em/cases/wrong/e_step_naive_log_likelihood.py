# /// case
# set = "ps7"
# fails = ["far-points"]
# says = "the log-likelihood as the logarithm of 0"
# names = ["likelihood-underflows"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    return np.exp(joint - log_sum(joint)), np.log(np.exp(joint).sum(axis=0)).sum()
