# /// case
# set = "ps6"
# fails = ["move-to-means"]
# says = "sums in place of means"
# names = ["sums-for-means"]
# ///
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        own = points[labels == k]
        if len(own):
            new[k] = sum(own)
    return new
