# /// case
# set = "ps7"
# fails = ["stopping"]
# says = "the number of entries decides, neither few nor many"
# names = ["neither-few-nor-many"]
# ///
# %% stop
def at_rest(history):
    return 4 < len(history) < 110
