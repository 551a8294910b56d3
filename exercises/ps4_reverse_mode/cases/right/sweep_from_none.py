# /// case
# set = "ps4"
# fails = []
# ///
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = None
    result.adjoint = np.broadcast_to(np.asarray(seed, float), result.value.shape)
    for node in order[::-1]:
        for parent, pull in zip(node.parents, node.pulls):
            piece = summed_to(pull(node.adjoint), parent.value.shape)
            parent.adjoint = piece if parent.adjoint is None else parent.adjoint + piece
