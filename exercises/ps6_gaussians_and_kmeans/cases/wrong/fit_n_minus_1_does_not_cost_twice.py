# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "divided by n - 1, as np.cov does: the largest likelihood has n"
# names = ["np-cov-n-minus-1"]
# ///
# fit_kinds calls it, is tried with a right one too, and passes.
# %% fit-gaussian
def fit_gaussian(points):
    return points.mean(axis=0), np.cov(points.T)
