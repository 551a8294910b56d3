# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "not enough values to unpack"
# names = []
# ///
# %% means
def better_means(x, means, sigma):
    K, d = means.shape
    r = np.exp(-((x[:, None] - means) ** 2) / (2 * sigma**2))
    r /= r.sum(axis=1, keepdims=True)
    return r.T @ x / r.sum(axis=0)
