# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "each centre owns as many points as before"
# names = ["as-many-as-before"]
# ///
# %% lloyd
def lloyd(points, centres):
    labels = nearest(points, centres)
    while True:
        centres = move(points, labels, centres)
        before, labels = labels, nearest(points, centres)
        if np.array_equal(np.bincount(before, minlength=len(centres)), np.bincount(labels, minlength=len(centres))):
            return centres, labels
