# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "the tolerance is narrower than what counts as rest"
# names = ["tolerance-narrow"]
# ///
# %% stop
def at_rest(history):
    return len(history) > 1 and abs(history[-1] - history[-2]) < 1e-11
