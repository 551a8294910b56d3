# /// case
# set = "ps6"
# fails = ["move-to-means"]
# says = "you returned"
# ///
# A point whose coordinates are all 0 is a point.
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        own = points[labels == k]
        if own.any():
            new[k] = own.mean(0)
    return new
