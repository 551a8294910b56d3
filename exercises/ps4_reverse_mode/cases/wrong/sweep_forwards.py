# /// case
# set = "ps4"
# fails = ["one-path", "reuse", "again", "diamonds", "broadcasting"]
# says = "the order is read forwards"
# names = ["read-forwards"]
# ///
# The order is not turned round.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in order:
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
