# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "the distance in place of its square"
# names = ["exponent-not-squared"]
# ///
# %% means
def better_means(x, means, sigma):
    density = np.exp(-abs(x - means[:, None]) / (2 * sigma**2))
    responsibility = density / density.sum(axis=0)
    return responsibility @ x / responsibility.sum(axis=1)
