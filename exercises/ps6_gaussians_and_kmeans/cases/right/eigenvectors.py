# /// case
# set = "ps6"
# fails = []
# ///
# Along the axes of the ellipse; the covariance as the mean of the squares less the square of the mean.
# %% log-density
def log_density(points, mean, covariance):
    values, vectors = np.linalg.eigh(covariance)
    z = (points - mean) @ vectors / np.sqrt(values)
    return -(z**2 + np.log(values) + np.log(2 * np.pi)).sum(axis=1) / 2
# %% fit-gaussian
def fit_gaussian(points):
    n = len(points)
    mean = points.T @ np.ones(n) / n
    return mean, points.T @ points / n - np.outer(mean, mean)
