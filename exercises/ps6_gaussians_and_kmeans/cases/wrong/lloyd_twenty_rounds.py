# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "twenty rounds, which are not always enough"
# names = ["twenty-rounds"]
# ///
# %% lloyd
def lloyd(points, centres):
    for _ in range(20):
        centres = move(points, nearest(points, centres), centres)
    return centres, nearest(points, centres)
