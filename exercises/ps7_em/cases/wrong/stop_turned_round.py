# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "the comparison is turned round"
# names = ["stop-turned-round"]
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return abs(history[-1] - history[-2]) > 1e-6
