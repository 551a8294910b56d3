# /// case
# set = "ps4"
# fails = ["one-path", "reuse", "again", "diamonds", "broadcasting"]
# says = "the result never receives the seed"
# names = ["no-seed"]
# ///
# Nothing to begin with.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
