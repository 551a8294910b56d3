# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "`centred @ centred.T` pairs points"
# names = ["centred-turned-round"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    mean = points.mean(axis=0)
    centred = points - mean
    return mean, centred @ centred.T / len(points)
