# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "the differences are added before they are squared"
# names = ["differences-cancel"]
# ///
# %% nearest
def nearest(points, centres):
    squared = np.sum(points[:, None] - centres, axis=2) ** 2
    return np.argmin(squared, axis=1)
