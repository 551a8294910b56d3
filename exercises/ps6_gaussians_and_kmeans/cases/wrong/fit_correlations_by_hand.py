# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "the correlations in place of the covariances"
# names = ["correlations"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    z = (points - points.mean(axis=0)) / points.std(axis=0)
    return points.mean(axis=0), z.T @ z / len(points)
