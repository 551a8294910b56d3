# /// case
# set = "ps6"
# fails = ["move-empty"]
# says = "a centre without points jumps to 0"
# names = ["empty-to-0"]
# ///
# %% move
def move(points, labels, centres):
    new = np.zeros_like(centres)
    for k in range(len(centres)):
        if np.any(labels == k):
            new[k] = points[labels == k].mean(axis=0)
    return new
