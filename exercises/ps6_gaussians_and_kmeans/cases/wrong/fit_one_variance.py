# /// case
# set = "ps6"
# fails = ["one-gaussian"]
# says = "that Gaussian is a ball"
# names = ["one-variance"]
# ///
# %% fit-gaussian
def fit_gaussian(points):
    m = points.mean(axis=0)
    c = points - m
    return m, np.mean(c**2) * np.eye(points.shape[1])
