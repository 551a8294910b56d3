# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "the labels are those of the start"
# names = ["labels-of-start"]
# ///
# %% lloyd
def lloyd(points, centres):
    labels = nearest(points, centres)
    while True:
        new = move(points, labels, centres)
        if np.allclose(new, centres):
            return new, labels
        centres = new
