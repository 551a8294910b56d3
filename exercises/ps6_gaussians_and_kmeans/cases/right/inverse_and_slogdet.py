# /// case
# set = "ps6"
# fails = []
# ///
# An inverse and a determinant's logarithm in place of a Cholesky factor; library functions where there are some.
# %% log-density
def log_density(points, mean, covariance):
    y = points - mean
    _, log_determinant = np.linalg.slogdet(2 * np.pi * covariance)
    return -0.5 * (log_determinant + np.einsum("ni,ij,nj->n", y, np.linalg.inv(covariance), y))
# %% fit-gaussian
def fit_gaussian(points):
    return np.mean(points, axis=0), np.atleast_2d(np.cov(points, rowvar=False, bias=True))
# %% inertia
def inertia(points, centres):
    return np.sum(np.linalg.norm(points - centres[nearest(points, centres)], axis=1) ** 2)
