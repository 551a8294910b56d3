# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "the largest of each column"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.flatnonzero(probabilities.max(axis=0) < sure)
