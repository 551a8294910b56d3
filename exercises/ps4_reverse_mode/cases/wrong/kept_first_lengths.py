# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "the length of the first axis is counted"
# names = ["first-lengths-counted"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return sum(len(np.atleast_1d(node.value)) for node in topological_order(result))
