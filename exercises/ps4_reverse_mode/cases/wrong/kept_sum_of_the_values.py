# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "you returned"
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return sum(node.value.sum() for node in topological_order(result))
