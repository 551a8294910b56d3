# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "the mean along the wrong axis"
# names = ["mean-along-wrong-axis"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    mean = np.mean(points, axis=1)
    centred = points - mean
    return mean, centred.T @ centred / len(points)
