# /// case
# set = "ps6"
# fails = ["move-to-means"]
# says = "divided by n, not by the number of the centre's own points"
# names = ["moved-over-n"]
# ///
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        own = points[labels == k]
        if len(own):
            new[k] = own.sum(axis=0) / len(points)
    return new
