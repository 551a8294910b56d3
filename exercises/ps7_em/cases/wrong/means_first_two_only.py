# /// case
# set = "ps7"
# fails = ["means-of-more"]
# says = "only the first two components"
# names = ["only-first-two"]
# ///
# %% means
def better_means(x, means, sigma):
    a = np.exp(-((x - means[0]) ** 2) / (2 * sigma**2))
    b = np.exp(-((x - means[1]) ** 2) / (2 * sigma**2))
    r = a / (a + b)
    return np.array([(r * x).sum() / r.sum(), ((1 - r) * x).sum() / (1 - r).sum()])
