# /// case
# set = "ps4"
# fails = ["again"]
# says = "in the result too, to which the seed is added"
# names = ["left-over-and-seed"]
# ///
# The seed too is added to what is left over.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        if node.adjoint is None:
            node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
