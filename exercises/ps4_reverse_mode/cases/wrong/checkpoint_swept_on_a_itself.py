# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "its sweep goes on below a"
# names = ["swept-on-a"]
# ///
# %% memory
def numbers_kept(result):
    return sum(node.value.size for node in topological_order(result))


def checkpoint(f, a):
    def pull(g):
        result = f(a)
        backward(result, g)
        return a.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
