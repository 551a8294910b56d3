# /// case
# set = "ps4"
# fails = ["broadcasting"]
# says = ""
# ///
# An array with one entry that is 0 passes nothing on.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        if not np.all(node.adjoint):
            continue
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
