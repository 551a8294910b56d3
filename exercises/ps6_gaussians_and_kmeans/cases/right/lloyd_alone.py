# /// case
# set = "ps6"
# fails = []
# ///
# %% lloyd
def lloyd(points, centres):
    """One round, and the rest by recursion, without the functions of the other cells."""
    distances = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(-1)
    labels = distances.argmin(1)
    new = np.stack([points[labels == k].mean(0) if (labels == k).any() else centres[k] for k in range(len(centres))])
    return (new, labels) if np.allclose(new, centres) else lloyd(points, new)
