# /// case
# set = "ps6"
# fails = ["move-to-means"]
# says = "are the points of centre k"
# names = []
# ///
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        if (labels == k).sum() > 1: new[k] = points[labels == k].mean(axis=0)
    return new
