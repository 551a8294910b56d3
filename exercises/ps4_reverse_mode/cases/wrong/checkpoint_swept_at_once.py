# /// case
# set = "ps4"
# fails = ["checkpoint"]
# says = "the slopes are computed when the node is made"
# names = ["swept-at-once"]
# ///
# %% memory.checkpoint
def checkpoint(f, a):
    again = Node(a.value)
    result = f(again)
    backward(result, np.ones_like(result.value))
    return Node(result.value, (a,), (lambda g: g * again.adjoint,))
