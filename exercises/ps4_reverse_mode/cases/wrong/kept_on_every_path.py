# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "a node that is used twice is counted twice"
# names = ["kept-on-every-path"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return result.value.size + sum(numbers_kept(parent) for parent in result.parents)
