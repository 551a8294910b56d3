# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "with it all that f has computed"
# names = ["keeps-all"]
# ///
# %% memory.checkpoint
def checkpoint(f, a):
    return f(a)
