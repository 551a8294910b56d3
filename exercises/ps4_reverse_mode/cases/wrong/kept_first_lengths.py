# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "the length of the first axis is counted"
# names = ["first-lengths-counted"]
# ///
# %% memory
def numbers_kept(result):
    return sum(len(np.atleast_1d(node.value)) for node in topological_order(result))


def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), g)
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
    ### END SOLUTION
