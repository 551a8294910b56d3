# /// case
# set = "ps4"
# fails = ["broadcasting"]
# says = "the contributions are not summed over the broadcast axes: call"
# names = ["not-summed"]
# ///
# The shapes of contributions are left as they come.
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = 0.0
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + pull(node.adjoint)
