# /// case
# set = "ps6"
# fails = ["move-empty"]
# says = "the caller's array was changed"
# names = ["centres-changed"]
# ///
# %% move
def move(points, labels, centres):
    for k in range(len(centres)):
        if np.any(labels == k):
            centres[k] = points[labels == k].mean(axis=0)
    return centres
