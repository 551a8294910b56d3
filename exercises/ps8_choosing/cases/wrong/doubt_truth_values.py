# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "a truth value for each point"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return probabilities.max(axis=1) < sure
