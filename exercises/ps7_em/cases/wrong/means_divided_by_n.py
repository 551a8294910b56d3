# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "divided by n, the number of all points"
# names = ["means-over-n"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
    responsibility = density / density.sum(axis=0)
    return responsibility @ x / len(x)
