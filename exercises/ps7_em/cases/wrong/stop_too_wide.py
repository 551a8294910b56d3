# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "the tolerance is so wide"
# names = ["tolerance-wide"]
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return abs(history[-1] - history[-2]) < 0.1
