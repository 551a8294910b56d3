# /// case
# set = "ps7"
# fails = ["far-points"]
# says = "a small number in the denominator hides"
# names = ["small-number-below"]
# ///
# %% e-step
def memberships(points, mixture):
    density = np.exp(log_joint(points, mixture))
    total = density.sum(axis=0) + 1e-300
    return density / total, np.log(total).sum()
