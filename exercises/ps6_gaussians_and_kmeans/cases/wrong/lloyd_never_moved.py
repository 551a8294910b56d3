# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "the centres are returned as they were given"
# names = ["centres-as-given"]
# ///
# The labels are found again from the old centres, so that nothing changes at once.
# %% lloyd
def lloyd(points, centres):
    labels = nearest(points, centres)
    while True:
        new = move(points, labels, centres)
        before, labels = labels, nearest(points, centres)
        if np.array_equal(before, labels):
            return centres, labels
