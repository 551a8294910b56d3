# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "the 1/2 in the exponent is missing"
# names = ["no-half"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-((x - means[:, None]) ** 2) / sigma**2)
    responsibility = density / density.sum(axis=0)
    return responsibility @ x / responsibility.sum(axis=1)
