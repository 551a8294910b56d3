# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "along the wrong axis: the nearest point of each centre"
# names = ["nearest-point"]
# ///
# %% nearest
def nearest(points, centres):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return np.argmin(distances, axis=0)
