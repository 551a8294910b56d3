# /// case
# set = "ps6"
# fails = ["nearest-centre"]
# says = "you returned float64"
# ///
# %% nearest
def nearest(points, centres):
    labels = np.zeros(len(points))
    for n, point in enumerate(points):
        labels[n] = np.argmin([np.sum((point - centre) ** 2) for centre in centres])
    return labels
