# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more"]
# says = "hard assignment: each point went wholly to the nearest mean, which is k-means"
# names = ["hard-means"]
# ///
# %% means
def better_means(x, means, sigma):
    nearest = np.argmin(abs(x - means[:, None]), axis=0)
    return np.array([x[nearest == k].mean() for k in range(len(means))])
