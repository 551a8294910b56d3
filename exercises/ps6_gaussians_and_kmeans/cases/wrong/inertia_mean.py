# /// case
# set = "ps6"
# fails = ["inertia-squared"]
# says = "the mean over the points"
# names = ["mean-inertia"]
# ///
# %% inertia
def inertia(points, centres):
    squared = ((points[:, None] - centres) ** 2).sum(axis=2)
    return squared.min(axis=1).mean()
