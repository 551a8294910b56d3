# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "how many they are: asked is which"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return int(np.sum(probabilities.max(axis=1) < sure))
