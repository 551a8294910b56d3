# /// case
# set = "ps6"
# fails = ["inertia-squared"]
# says = "one number for each point"
# names = ["inertia-not-summed"]
# ///
# %% inertia
def inertia(points, centres):
    squared = ((points[:, None] - centres) ** 2).sum(axis=2)
    return squared.min(axis=1)
