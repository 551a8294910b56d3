# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "np.atleast_2d makes a matrix of it"
# names = ["np-cov-number"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    return points.mean(axis=0), np.cov(points.T, bias=True)
