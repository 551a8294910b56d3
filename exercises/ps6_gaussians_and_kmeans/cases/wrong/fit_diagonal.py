# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "the variances alone: what stands beside the diagonal is 0"
# names = ["diagonal-only"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    return np.mean(points, axis=0), np.diag(np.var(points, axis=0))
