# /// case
# set = "ps7"
# fails = ["log-likelihood", "far-points"]
# says = "one Gaussian with the averaged mean"
# names = ["sum-of-variables"]
# ///
# %% e-step
def memberships(points, mixture):
    joint = log_joint(points, mixture)
    mean = sum(weight * mean for weight, mean, _ in mixture)
    covariance = sum(weight * covariance for weight, _, covariance in mixture)
    return np.exp(joint - log_sum(joint)), log_joint(points, [(1.0, mean, covariance)]).sum()
