# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "the old means: the M step is missing"
# names = ["old-means"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
    responsibility = density / density.sum(axis=0)
    return means
