# /// case
# set = "ps7"
# fails = ["memberships", "log-likelihood", "far-points"]
# says = "the log-likelihood comes first"
# names = ["likelihood-first"]
# ///
# %% e-step
def memberships(points, mixture):
    j = log_joint(points, mixture)
    t = log_sum(j)
    return t.sum(), np.exp(j - t)
