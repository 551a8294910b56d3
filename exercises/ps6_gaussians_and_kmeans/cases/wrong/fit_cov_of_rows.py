# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "np.cov takes a row for a feature"
# names = ["np-cov-of-rows"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    return points.mean(axis=0), np.cov(points)
