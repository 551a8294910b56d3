# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "divided by the number of features"
# names = ["over-features"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    n, d = points.T.shape
    mean = points.mean(axis=0)
    centred = points - mean
    return mean, centred.T @ centred / n
