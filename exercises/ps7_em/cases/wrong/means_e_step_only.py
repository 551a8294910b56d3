# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "the responsibilities: the M step is missing"
# names = ["responsibilities-for-means"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
    return density / density.sum(axis=0)
