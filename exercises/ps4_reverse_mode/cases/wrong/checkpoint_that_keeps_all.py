# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "with it all that f has computed"
# names = ["keeps-all"]
# ///
# %% memory
def numbers_kept(result):
    return sum(node.value.size for node in topological_order(result))


def checkpoint(f, a):
    return f(a)
