# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "labels that begin at 1"
# names = ["labels-from-1"]
# ///
# %% nearest
def nearest(points, centres):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return distances.argmin(axis=1) + 1
