# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "the mean is not subtracted: products of the points"
# names = ["products-of-points"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    return points.mean(axis=0), points.T @ points / len(points)
