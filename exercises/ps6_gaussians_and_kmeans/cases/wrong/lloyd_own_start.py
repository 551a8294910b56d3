# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "it starts from the first points"
# names = ["first-points"]
# ///
# %% lloyd
def lloyd(points, centres):
    centres = points[: len(centres)].copy()
    while True:
        labels = nearest(points, centres)
        new = move(points, labels, centres)
        if np.allclose(new, centres):
            return new, labels
        centres = new
