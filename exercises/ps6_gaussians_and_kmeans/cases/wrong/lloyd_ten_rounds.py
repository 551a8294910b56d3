# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "ten rounds, which are not always enough"
# names = ["ten-rounds"]
# ///
# %% lloyd
def lloyd(points, centres):
    for _ in range(10):
        centres = move(points, nearest(points, centres), centres)
    return centres, nearest(points, centres)
