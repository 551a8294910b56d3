# /// case
# set = "ps6"
# fails = ["inertia-squared"]
# says = "distances in place of squared distances"
# names = ["distances-not-squared"]
# ///
# %% inertia
def inertia(points, centres):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return distances.min(axis=1).sum()
