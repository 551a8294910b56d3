# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "the smallest squared distance in place of the number"
# names = ["squared-distance-for-label"]
# ///
# %% nearest
def nearest(points, centres):
    return ((points[:, None] - centres) ** 2).sum(axis=2).min(axis=1)
