# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "the responsibilities of a point do not sum to 1"
# names = ["not-normalised"]
# ///
# Normalised over the points: the mean that follows is the same as without any normalisation.
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
    responsibility = density / density.sum(axis=1, keepdims=True)
    return responsibility @ x / responsibility.sum(axis=1)
