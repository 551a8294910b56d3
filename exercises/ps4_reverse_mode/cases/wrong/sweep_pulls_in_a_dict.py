# /// case
# set = "ps4"
# fails = ["reuse", "again", "diamonds"]
# says = "a dict holds one pull for each parent"
# names = ["pulls-by-parent"]
# ///
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in dict(zip(node.parents, node.pulls)).items():
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
