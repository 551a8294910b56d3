# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "the sum of the products is not divided by n"
# names = ["not-over-n"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    mean = points.mean(axis=0)
    centred = points - mean
    return mean, centred.T @ centred
