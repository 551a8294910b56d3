# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "expected"
# names = []
# ///
# %% stop
def at_rest(history):
    return len(history) > 1 and abs(history[-1] - history[-2]) < 0.00011
