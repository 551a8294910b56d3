# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "`doubtful` has changed `probabilities`"
# ///
# %% doubt
def doubtful(probabilities, sure):
    probabilities.sort(axis=1)
    return np.flatnonzero(probabilities[:, -1] < sure)
