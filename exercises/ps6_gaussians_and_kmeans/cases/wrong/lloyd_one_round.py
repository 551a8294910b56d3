# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "one round only: go on until no label changes"
# names = ["one-round"]
# ///
# %% lloyd
def lloyd(points, centres):
    centres = move(points, nearest(points, centres), centres)
    return centres, nearest(points, centres)
