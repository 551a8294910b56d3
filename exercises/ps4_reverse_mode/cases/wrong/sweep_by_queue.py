# /// case
# set = "ps4"
# fails = ["reuse", "again", "diamonds", "broadcasting"]
# says = "a node that stands in the queue several times"
# names = ["queue"]
# ///
# A queue in place of the order, and every visit passes on all.
# %% sweep
def backward(result, seed=1.0):
    for node in topological_order(result):
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    waiting = [result]
    for node in waiting:
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
            waiting.append(parent)
