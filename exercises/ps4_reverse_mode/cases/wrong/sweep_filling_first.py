# /// case
# set = "ps4"
# fails = ["reuse", "again", "diamonds", "broadcasting"]
# says = "all parents are filled, then visited"
# names = ["filled-then-visited"]
# ///
# All parents are filled, then visited: still once for every path.
# %% sweep
def backward(result, seed=1.0):
    for node in topological_order(result):
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed

    def visit(node):
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
        for parent in node.parents:
            visit(parent)

    visit(result)
