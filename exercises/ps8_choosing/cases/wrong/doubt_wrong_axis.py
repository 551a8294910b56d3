# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "the largest probability of each row"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.flatnonzero(probabilities.max(axis=0) < sure)
