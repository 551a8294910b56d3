# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "divided by n - 1, as np.cov does"
# names = ["np-cov-n-minus-1"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    return points.mean(axis=0), np.cov(points.T)
