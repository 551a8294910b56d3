# /// case
# set = "ps4"
# fails = ["reuse", "again", "diamonds", "broadcasting"]
# says = "the first contribution to a node is kept"
# names = ["first-kept"]
# ///
# A node that has an adjoint is thought to be finished.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = None
    result.adjoint = np.asarray(seed, dtype=float)
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            if parent.adjoint is None:
                parent.adjoint = summed_to(pull(node.adjoint), parent.value.shape)
