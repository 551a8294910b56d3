# /// case
# set = "ps7"
# fails = ["bound-with-zeros"]
# says = "with 0.0001 for 0"
# ///
# 0.0001 is not 0.
# %% elbo
def lower_bound(points, R, mixture):
    a = log_joint(points, mixture)
    return float((R * (a - np.log(np.clip(R, 1e-3, 1)))).sum())
