# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "bytes are counted"
# names = ["bytes-counted"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return sum(node.value.nbytes for node in topological_order(result))
