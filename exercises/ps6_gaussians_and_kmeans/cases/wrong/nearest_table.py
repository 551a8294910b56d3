# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "a table of 0 and 1"
# names = ["table-of-0-and-1"]
# ///
# %% nearest
def nearest(points, centres):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return (distances == distances.min(axis=1, keepdims=True)).astype(int)
