# /// case
# set = "ps6"
# fails = ["inertia-squared"]
# says = "the root of the sum"
# names = ["root-of-inertia"]
# ///
# %% inertia
def inertia(points, centres):
    squared = ((points[:, None] - centres) ** 2).sum(axis=2)
    return np.sqrt(squared.min(axis=1).sum())
