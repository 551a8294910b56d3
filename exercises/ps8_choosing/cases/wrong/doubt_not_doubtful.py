# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "the points that are not doubtful"
# names = ["not-doubtful"]
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.flatnonzero(probabilities.max(axis=1) >= sure)
