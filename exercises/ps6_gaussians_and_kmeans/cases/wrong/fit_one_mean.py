# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "one mean of all numbers"
# names = ["one-mean"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    mean = np.mean(points)
    centred = points - mean
    return mean, centred.T @ centred / len(points)
