# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "is not below it"
# names = ["just-sure-too"]
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.flatnonzero(probabilities.max(axis=1) <= sure)
