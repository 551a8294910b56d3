# /// case
# set = "ps4"
# fails = ["reuse", "again", "diamonds", "broadcasting"]
# says = "a node passes on its adjoint at the first visit"
# names = ["first-visit"]
# ///
# Each node once, but too early.
# %% sweep
def backward(result, seed=1.0):
    for node in topological_order(result):
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    seen = set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent, pull in zip(node.parents, node.pulls):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
            visit(parent)

    visit(result)
