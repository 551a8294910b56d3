# /// case
# set = "ps6"
# fails = ["move-to-means"]
# says = "the old centre counts as one more point"
# names = ["old-centre-counts"]
# ///
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        own = points[labels == k]
        if len(own):
            new[k] = np.vstack([own, centres[k]]).mean(axis=0)
    return new
