# /// case
# set = "ps7"
# fails = []
# ///
# The covariance as E[xx'] - mu mu'; the tuple of a tuple; the E step by the largest term, without log_sum.
# %% m-step
def refit(points, R, old):
    counts = R.sum(1)
    mu = R @ points / counts[:, None]
    second = np.einsum("kn,ni,nj->kij", R, points, points) / counts[:, None, None]
    sigma = second - mu[:, :, None] * mu[:, None, :]
    return tuple((counts[k] / counts.sum(), mu[k], sigma[k]) for k in range(len(R)))
# %% e-step
def memberships(points, mixture):
    a = log_joint(points, mixture)
    top = a.max(axis=0)
    scaled = np.exp(a - top)
    below = scaled.sum(axis=0)
    return scaled / below, np.sum(top + np.log(below))
