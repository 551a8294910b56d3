# /// case
# set = "ps6"
# fails = ["inertia-squared"]
# says = "the sum over all centres"
# names = ["all-centres"]
# ///
# %% inertia
def inertia(points, centres):
    squared = ((points[:, None] - centres) ** 2).sum(axis=2)
    return squared.sum()
