# /// case
# set = "ps6"
# fails = ["move-to-means"]
# says = "medians in place of means"
# names = ["medians"]
# ///
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        own = points[labels == k]
        if len(own):
            new[k] = np.median(own, axis=0)
    return new
