# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "old minus new is negative"
# names = ["difference-turned-round"]
# ///
# %% stop
def at_rest(history):
    if len(history) == 1:
        return False
    return history[-2] - history[-1] < 1e-6
