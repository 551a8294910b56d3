# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "each mean was moved before the next one's E step"
# names = ["one-after-the-other"]
# ///
# %% means
def better_means(x, means, sigma):
    means = means.copy()
    for k in range(len(means)):
        density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
        responsibility = density[k] / density.sum(axis=0)
        means[k] = (responsibility * x).sum() / responsibility.sum()
    return means
