# /// case
# set = "ps4"
# fails = ["reuse", "again", "diamonds", "broadcasting"]
# says = "a node passes on its whole adjoint whenever the walk comes by"
# names = ["recursion"]
# ///
# Each node is visited once for every path, with all that it has so far. For z of the chapter: 84.
# %% sweep
def backward(result, seed=1.0):
    for node in topological_order(result):
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed

    def visit(node):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
            visit(parent)

    visit(result)
