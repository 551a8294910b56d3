# /// case
# set = "ps6"
# fails = ["move-empty"]
# says = "a centre without points is left out"
# names = ["empty-left-out"]
# ///
# %% move
def move(points, labels, centres):
    return np.array([points[labels == k].mean(axis=0) for k in np.unique(labels)])
