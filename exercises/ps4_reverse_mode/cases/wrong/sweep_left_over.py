# /// case
# set = "ps4"
# fails = ["again"]
# says = "gradients are left over from the sweep before: begin"
# names = ["left-over"]
# ///
# Adjoints are started only where there are none yet.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        if node.adjoint is None:
            node.adjoint = np.zeros_like(node.value)
    result.adjoint = np.zeros_like(result.value) + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
