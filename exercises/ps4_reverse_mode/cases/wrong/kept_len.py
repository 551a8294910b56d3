# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "`len` is the length of the first axis, and an array of shape () has none"
# names = ["lengths-counted"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return sum(len(node.value) for node in topological_order(result))
