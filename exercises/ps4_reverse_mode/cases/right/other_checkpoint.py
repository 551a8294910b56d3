# /// case
# set = "ps4"
# fails = []
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    seen, waiting, total = set(), [result], 0
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            total += np.size(node.value)
            waiting += node.parents
    return total
# %% memory.checkpoint
def checkpoint(f, a):
    kept = Node(a.value.copy())
    return Node(f(kept).value, [a], [lambda g: vjp(f, [kept.value], g)[0]])
