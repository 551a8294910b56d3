# /// case
# set = "ps6"
# fails = ["move-empty"]
# says = "a centre without points jumps to the mean of all"
# names = ["empty-to-mean"]
# ///
# %% move
def move(points, labels, centres):
    new = np.tile(points.mean(axis=0), (len(centres), 1))
    for k in set(labels):
        new[k] = points[labels == k].mean(axis=0)
    return new
