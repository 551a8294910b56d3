# /// case
# set = "ps7"
# fails = []
# ///
# As loose as is promised to be enough: 0.01 of an iteration's gain.
# %% stop
def at_rest(history):
    return bool(len(history) >= 2 and history[-1] - history[-2] < 0.01)
