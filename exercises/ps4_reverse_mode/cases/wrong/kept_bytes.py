# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "bytes are counted"
# names = ["bytes-counted"]
# ///
# %% memory
def numbers_kept(result):
    return sum(node.value.nbytes for node in topological_order(result))


def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), g)
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
    ### END SOLUTION
