# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "np.where returns a tuple"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.where(probabilities.max(axis=1) < sure)
