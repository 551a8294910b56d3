# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "fifty rounds, which are not always enough"
# names = ["fifty-rounds"]
# ///
# %% lloyd
def lloyd(points, centres):
    for _ in range(50):
        centres = move(points, nearest(points, centres), centres)
    return centres, nearest(points, centres)
