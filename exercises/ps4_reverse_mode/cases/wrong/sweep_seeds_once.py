# /// case
# set = "ps4"
# fails = ["again"]
# says = "the result keeps its adjoint from an earlier sweep"
# names = ["seeded-once"]
# ///
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order[:-1]:
        node.adjoint = np.zeros_like(node.value)
    if result.adjoint is None:
        result.adjoint = np.asarray(seed, dtype=float)
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
