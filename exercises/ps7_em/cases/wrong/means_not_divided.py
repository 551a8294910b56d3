# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "the sum is not divided"
# names = ["means-not-divided"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
    return density / density.sum(axis=0) @ x
