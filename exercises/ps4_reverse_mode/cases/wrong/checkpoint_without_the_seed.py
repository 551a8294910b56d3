# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "the adjoint g is its seed"
# names = ["seed-forgotten"]
# ///
# %% memory.checkpoint
def checkpoint(f, a):
    def pull(g):
        again = Node(a.value)
        backward(f(again), np.ones_like(g))
        return again.adjoint

    return Node(f(Node(a.value)).value, (a,), (pull,))
