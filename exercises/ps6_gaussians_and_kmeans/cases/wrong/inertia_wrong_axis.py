# /// case
# set = "ps6"
# fails = ["inertia-squared"]
# says = "the smallest along the wrong axis"
# names = ["inertia-along-wrong-axis"]
# ///
# %% inertia
def inertia(points, centres):
    squared = ((points[:, None] - centres) ** 2).sum(axis=2)
    return squared.min(axis=0).sum()
