# /// case
# set = "ps4"
# fails = ["broadcasting"]
# says = "NumPy refuses to add them in place"
# names = ["not-summed-in-place"]
# ///
# The same, in place: NumPy does not let an array grow.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint += pull(node.adjoint)
