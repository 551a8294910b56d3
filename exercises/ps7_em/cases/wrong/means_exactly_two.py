# /// case
# set = "ps7"
# fails = ["means-of-more"]
# says = "written for exactly two components"
# names = ["exactly-two"]
# ///
# %% means
def better_means(x, means, sigma):
    first, second = means
    a = np.exp(-((x - first) ** 2) / (2 * sigma**2))
    b = np.exp(-((x - second) ** 2) / (2 * sigma**2))
    r = a / (a + b)
    return np.array([(r * x).sum() / r.sum(), ((1 - r) * x).sum() / (1 - r).sum()])
