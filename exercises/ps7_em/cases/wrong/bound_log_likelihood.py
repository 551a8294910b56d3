# /// case
# set = "ps7"
# fails = ["bound", "bound-with-zeros"]
# says = "the log-likelihood: the bound depends on the R that is given"
# names = ["likelihood-for-bound"]
# ///
# %% elbo
def lower_bound(points, R, mixture):
    return log_sum(log_joint(points, mixture)).sum()
