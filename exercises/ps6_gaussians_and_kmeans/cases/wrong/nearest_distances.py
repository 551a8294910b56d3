# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "the smallest distance in place of the number"
# names = ["distance-for-label"]
# ///
# %% nearest
def nearest(points, centres):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return distances.min(axis=1)
