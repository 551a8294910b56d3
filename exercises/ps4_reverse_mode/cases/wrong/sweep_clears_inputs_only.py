# /// case
# set = "ps4"
# fails = ["again"]
# says = "only the inputs are set to 0"
# names = ["only-inputs-cleared"]
# ///
# Only the inputs start anew, as if by zero_grad.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        if not node.parents or node.adjoint is None:
            node.adjoint = np.zeros_like(node.value)
    result.adjoint = np.zeros_like(result.value) + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
