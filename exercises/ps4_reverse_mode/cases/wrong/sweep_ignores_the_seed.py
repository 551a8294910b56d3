# /// case
# set = "ps4"
# fails = ["one-path", "broadcasting"]
# says = "the seed is ignored: the adjoint"
# names = ["seed-ignored"]
# ///
# Always 1.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + 1.0
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
