# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "`fit_gaussian` has changed `points`"
# ///
# %% fit-gaussian
def fit_gaussian(points):
    mean = points.mean(axis=0)
    points -= mean
    return mean, points.T @ points / len(points)
