# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "the probability of kind 0"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.flatnonzero(probabilities[:, 0] < sure)
