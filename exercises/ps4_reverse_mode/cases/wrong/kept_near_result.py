# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "only the result and its parents are counted"
# names = ["near-result-counted"]
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    return result.value.size + sum(p.value.size for p in result.parents)
