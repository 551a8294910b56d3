# /// case
# set = "ps4"
# fails = ["diamonds"]
# says = "each contribution is passed on by itself, path by path"
# names = ["path-by-path"]
# ///
# Right, and exponential: every contribution walks down to the inputs by itself.
# %% sweep
def backward(result, seed=1.0):
    for node in topological_order(result):
        node.adjoint = np.zeros_like(node.value)

    def hand(node, contribution):
        contribution = summed_to(contribution, node.value.shape)
        node.adjoint = node.adjoint + contribution
        for parent, pull in zip(node.parents, node.pulls):
            hand(parent, pull(contribution))

    hand(result, np.zeros_like(result.value) + seed)
