# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "nodes without parents are left out"
# names = ["inputs-not-counted"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return sum(node.value.size for node in topological_order(result) if node.parents)
