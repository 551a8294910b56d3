# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "the farthest centre"
# names = ["farthest"]
# ///
# %% nearest
def nearest(points, centres):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return distances.argmax(axis=1)
