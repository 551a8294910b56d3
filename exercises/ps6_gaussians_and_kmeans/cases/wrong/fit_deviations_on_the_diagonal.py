# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "standard deviations on the diagonal"
# names = ["standard-deviations"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    mean = points.mean(axis=0)
    centred = points - mean
    covariance = centred.T @ centred / len(points)
    np.fill_diagonal(covariance, points.std(axis=0))
    return mean, covariance
