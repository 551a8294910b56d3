# /// case
# set = "ps7"
# fails = ["means-of-more"]
# says = "the caller's array was changed: write the new means"
# names = ["means-changed"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma**2))
    responsibility = density / density.sum(axis=0)
    for k in range(len(means)):
        means[k] = responsibility[k] @ x / responsibility[k].sum()
    return means
