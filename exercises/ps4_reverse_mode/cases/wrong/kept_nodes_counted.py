# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "the nodes are counted"
# names = ["nodes-counted"]
# ///
# %% memory
def numbers_kept(result):
    return len(topological_order(result))


def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), g)
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
