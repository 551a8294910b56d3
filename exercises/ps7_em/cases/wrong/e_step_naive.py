# /// case
# set = "ps7"
# fails = ["far-points"]
# says = "exp without log-sum-exp"
# names = ["memberships-underflow"]
# ///
# %% e-step
def memberships(points, mixture):
    density = np.exp(log_joint(points, mixture))
    total = density.sum(axis=0)
    return density / total, np.log(total).sum()
