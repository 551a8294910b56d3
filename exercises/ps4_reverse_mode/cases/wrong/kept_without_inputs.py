# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "nodes without parents are left out"
# names = ["inputs-not-counted"]
# ///
# %% memory
def numbers_kept(result):
    return sum(node.value.size for node in topological_order(result) if node.parents)


def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), g)
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
