# /// case
# set = "ps8"
# fails = ["doubtful-points"]
# says = "the sure points: asked are those below"
# ///
# %% doubt
def doubtful(probabilities, sure):
    return np.flatnonzero(probabilities.max(axis=1) > sure)
