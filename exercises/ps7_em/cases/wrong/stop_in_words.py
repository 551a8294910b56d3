# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "neither True nor False"
# names = ["no-truth-value"]
# ///
# %% stop
def at_rest(history):
    if len(history) > 1 and abs(history[-1] - history[-2]) < 1e-3: return "stop"
    return "go on"
