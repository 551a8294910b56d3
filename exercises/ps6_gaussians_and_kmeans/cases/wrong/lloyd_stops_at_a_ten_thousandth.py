# /// case
# set = "ps6"
# fails = ["lloyd-to-the-end"]
# says = "a round gains less than a ten-thousandth"
# names = ["a-ten-thousandth"]
# ///
# %% lloyd
def lloyd(points, centres):
    last = None
    while True:
        centres = move(points, nearest(points, centres), centres)
        now = inertia(points, centres)
        if last is not None and now > 0.9999 * last:
            return centres, nearest(points, centres)
        last = now
