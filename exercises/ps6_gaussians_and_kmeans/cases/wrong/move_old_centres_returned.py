# /// case
# set = "ps6"
# fails = ["move-to-means"]
# says = "the centres are where they were"
# names = ["centres-unmoved"]
# ///
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        own = points[labels == k]
        if len(own):
            new[k] = own.mean(axis=0)
    return centres
