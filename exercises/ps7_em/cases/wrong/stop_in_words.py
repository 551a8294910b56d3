# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "you returned a text, '"
# names = []
# ///
# %% stop
def at_rest(history):
    if len(history) > 1 and abs(history[-1] - history[-2]) < 1e-6: return "stop"
    return "go on"
