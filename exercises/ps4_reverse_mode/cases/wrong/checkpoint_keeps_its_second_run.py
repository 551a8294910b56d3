# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "does not run f again"
# ///
# %% memory.checkpoint
def checkpoint(f, a):
    kept = []
    def pull(g):
        if not kept:
            inner = Node(a.value)
            kept.append((inner, f(inner)))
        backward(kept[0][1], g)
        return kept[0][0].adjoint
    return Node(f(Node(a.value)).value, (a,), (pull,))
