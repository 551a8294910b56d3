# /// case
# set = "ps4"
# fails = []
# ///
# %% memory.numbers_kept
def numbers_kept(result):
    seen, todo = {}, [result]
    while todo:
        n = todo.pop()
        if id(n) in seen: continue
        seen[id(n)] = np.size(n.value)
        todo += n.parents
    return sum(seen.values())
# %% memory.checkpoint
def checkpoint(f, a):
    def pull(g):
        return vjp(f, [a.value], g)[0]

    return Node(f(Node(a.value)).value, (a,), (pull,))
