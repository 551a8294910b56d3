# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "the responsibilities of a point do not sum to 1"
# names = ["not-normalised"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
    return density @ x / density.sum(axis=1)
