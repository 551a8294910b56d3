# /// case
# set = "ps4"
# fails = ["broadcasting"]
# says = "an adjoint begins as a single number, into which `+=` cannot add an array"
# names = ["begins-as-a-number"]
# ///
# %% sweep.backward
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.array(0.0)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls, strict=True):
            parent.adjoint += summed_to(pull(node.adjoint), parent.value.shape)
