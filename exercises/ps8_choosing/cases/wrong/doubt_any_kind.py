# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "every point has some kind below `sure`"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.flatnonzero((probabilities < sure).any(axis=1))
