# /// case
# set = "ps4"
# fails = ["reuse"]
# says = "the sweep ends at the first adjoint that is 0"
# names = ["ended-by-zero"]
# ///
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        if not np.any(node.adjoint):
            return
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
