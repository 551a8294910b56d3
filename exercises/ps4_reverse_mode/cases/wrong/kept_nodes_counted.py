# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "the nodes are counted"
# names = ["nodes-counted"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return len(topological_order(result))
