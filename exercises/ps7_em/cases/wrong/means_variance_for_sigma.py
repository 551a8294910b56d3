# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "sigma in place of sigma squared"
# names = ["sigma-for-squared"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / (2 * sigma))
    responsibility = density / density.sum(axis=0)
    return responsibility @ x / responsibility.sum(axis=1)
