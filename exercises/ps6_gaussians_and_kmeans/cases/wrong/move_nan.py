# /// case
# set = "ps6"
# fails = ["move-empty"]
# says = "the mean of no points is nan"
# names = ["empty-is-nan"]
# ///
# %% move
def move(points, labels, centres):
    return np.array([points[labels == k].mean(axis=0) for k in range(len(centres))])
