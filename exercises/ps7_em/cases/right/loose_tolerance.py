# /// case
# set = "ps7"
# fails = []
# ///
# As loose as is promised to be enough: an iteration gains less than 0.0001.
# %% stop
def at_rest(history):
    return bool(len(history) >= 2 and history[-1] - history[-2] < 0.0001)
