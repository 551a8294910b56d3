# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "of one row e is a number"
# names = ["row-by-row-product"]
# ///
# A formula with columns, copied for rows.
# %% fit-gaussian
def fit_gaussian(points):
    mean = points.mean(axis=0)
    covariance = np.zeros((len(mean), len(mean)))
    for e in points - mean:
        covariance += e @ e.T
    return mean, covariance / len(points)
