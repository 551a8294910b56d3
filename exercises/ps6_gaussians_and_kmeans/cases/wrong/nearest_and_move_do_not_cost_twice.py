# /// case
# set = "ps6"
# fails = ["nearest-centre", "move-to-means"]
# says = "divided by n, not by the number of the centre's own points"
# names = ["absolute-differences", "moved-over-n"]
# ///
# inertia calls the one, and lloyd both: they are tried with right ones too, and pass.
# %% nearest
def nearest(points, centres):
    return np.abs(points[:, None] - centres).sum(axis=2).argmin(axis=1)
# %% move
def move(points, labels, centres):
    new = centres.copy()
    for k in range(len(centres)):
        own = points[labels == k]
        if len(own):
            new[k] = own.sum(axis=0) / len(points)
    return new
# %% inertia
def inertia(points, centres):
    return np.sum((points - centres[nearest(points, centres)]) ** 2)
