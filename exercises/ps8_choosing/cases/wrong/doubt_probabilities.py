# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "the probabilities of the doubtful points"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return [p.max() for p in probabilities if p.max() < sure]
