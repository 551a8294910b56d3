# /// case
# set = "ps4"
# fails = ["one-path", "reuse", "again", "diamonds", "broadcasting"]
# says = "the pulls are given the value of the node"
# names = ["value-for-adjoint"]
# ///
# The pulls are given the values.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.value), parent.value.shape)
