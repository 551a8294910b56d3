# /// case
# set = "ps4"
# fails = ["numbers-kept"]
# says = "a node that is used twice is counted twice"
# names = ["kept-on-every-path"]
# ///
# %% memory
def numbers_kept(result):
    return result.value.size + sum(numbers_kept(parent) for parent in result.parents)


def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), g)
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
