# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "only the result and its parents are counted"
# names = ["near-result-counted"]
# ///
# %% memory
def numbers_kept(result):
    return result.value.size + sum(p.value.size for p in result.parents)


def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), g)
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
    ### END SOLUTION
