# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "None is what a function without `return` returns"
# names = []
# ///
# %% stop
def at_rest(history):
    if len(history) > 1 and abs(history[-1] - history[-2]) < 1e-6: return True
