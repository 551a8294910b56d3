# /// case
# set = "ps4"
# fails = []
# ///
# Recursion that remembers; adjoints in a dict until the end.
# %% order
def topological_order(result):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in node.parents:
            visit(parent)
        order.append(node)

    visit(result)
    return order
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    adjoints = {id(result): np.asarray(seed, dtype=float)}
    for node in order[::-1]:
        g = adjoints[id(node)]
        for parent, pull in zip(node.parents, node.pulls):
            contribution = summed_to(pull(g), parent.value.shape)
            adjoints[id(parent)] = adjoints.get(id(parent), 0.0) + contribution
    for node in order:
        node.adjoint = adjoints[id(node)]
