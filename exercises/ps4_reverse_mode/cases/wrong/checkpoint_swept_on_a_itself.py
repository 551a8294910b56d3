# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "its sweep goes on below a"
# names = ["swept-on-a"]
# ///
# %% memory.checkpoint
def checkpoint(f, a):
    def pull(g):
        result = f(a)
        backward(result, g)
        return a.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
