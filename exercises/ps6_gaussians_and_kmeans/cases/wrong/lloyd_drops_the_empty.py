# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "a centre without points is dropped"
# names = ["empty-dropped"]
# ///
# %% lloyd
def lloyd(points, centres):
    labels = nearest(points, centres)
    for _ in range(1000):
        kept = np.unique(labels)
        centres = np.array([points[labels == k].mean(axis=0) for k in kept])
        labels = np.searchsorted(kept, labels)
        before, labels = labels, nearest(points, centres)
        if np.array_equal(before, labels):
            break
    return centres, labels
