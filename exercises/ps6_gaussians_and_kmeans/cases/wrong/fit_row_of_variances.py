# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "the variances as a row of d numbers"
# names = ["row-of-variances"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    return np.mean(points, axis=0), np.var(points, axis=0)
