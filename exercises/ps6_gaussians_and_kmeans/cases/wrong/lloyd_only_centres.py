# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "expected a tuple"
# names = []
# ///
# No named mistake: the message says what was returned and what was expected.
# %% lloyd
def lloyd(points, centres):
    for _ in range(200):
        centres = move(points, nearest(points, centres), centres)
    return centres
