# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "the correlations in place of the covariances"
# names = ["np-corrcoef"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    return points.mean(axis=0), np.corrcoef(points, rowvar=False)
