# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "divided by n - 1, as np.cov does: the largest likelihood has n"
# names = ["over-n-minus-1"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    mean = points.mean(axis=0)
    return mean, (points - mean).T @ (points - mean) / (len(points) - 1)
