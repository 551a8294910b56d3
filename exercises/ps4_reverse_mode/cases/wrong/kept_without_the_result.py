# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "the result itself is left out"
# names = ["result-not-counted"]
# ///
# %% memory
def numbers_kept(result):
    return sum(node.value.size for node in topological_order(result)[:-1])


def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), g)
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
