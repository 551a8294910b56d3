# /// case
# set = "ps4"
# fails = ["again"]
# says = "the inputs, which have no parents, keep their adjoints"
# names = ["inputs-left-over"]
# ///
# Only what was computed starts anew.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        if node.parents or node.adjoint is None:
            node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
