# /// case
# set = "ps6"
# fails = ["log-density-far"]
# says = "the density first and then its logarithm"
# names = ["through-density"]
# ///
# %% log-density
def log_density(points, mean, covariance):
    y = points - mean
    squared = np.einsum('ni,ij,nj->n', y, np.linalg.inv(covariance), y)
    front = (2 * np.pi) ** (len(mean) / 2) * np.sqrt(np.linalg.det(covariance))
    return np.log(np.exp(-squared / 2) / front)
