# /// case
# set = "ps6"
# fails = []
# ///
# It stops when the inertia falls no more, or after a thousand rounds; whole numbers of another type.
# %% nearest
def nearest(points, centres):
    return np.array([np.sum((centres - x) ** 2, axis=1).argmin() for x in points], dtype=np.int32)
# %% lloyd
def lloyd(points, centres):
    labels = nearest(points, centres)
    best = np.inf
    for _ in range(1000):
        centres = move(points, labels, centres)
        labels = nearest(points, centres)
        if inertia(points, centres) >= best:
            break
        best = inertia(points, centres)
    return centres, labels
