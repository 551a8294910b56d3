# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "the result itself is left out"
# names = ["result-not-counted"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return sum(node.value.size for node in topological_order(result)[:-1])
