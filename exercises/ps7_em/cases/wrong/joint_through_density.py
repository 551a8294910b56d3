# /// case
# set = "ps7"
# fails = ["log-joint"]
# says = "the density first, and then its logarithm"
# names = ["through-density"]
# ///
# %% joint
def log_joint(points, mixture):
    rows = []
    for weight, mean, covariance in mixture:
        gaps = points - mean
        squares = np.einsum("ni,ij,nj->n", gaps, np.linalg.inv(covariance), gaps)
        rows.append(np.log(weight * np.exp(-squares / 2) / np.sqrt(np.linalg.det(2 * np.pi * covariance))))
    return np.array(rows)
