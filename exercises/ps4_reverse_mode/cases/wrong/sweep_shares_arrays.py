# /// case
# set = "ps4"
# fails = ["reuse", "again", "broadcasting"]
# says = "`+=` changes an array that two nodes share"
# names = ["shared-array"]
# ///
# The first contribution is kept without a copy, and the second is added in place.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = None
    result.adjoint = np.array(seed, dtype=float)
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            contribution = summed_to(pull(node.adjoint), parent.value.shape)
            if parent.adjoint is None:
                parent.adjoint = contribution
            else:
                parent.adjoint += contribution
