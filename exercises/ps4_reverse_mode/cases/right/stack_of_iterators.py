# /// case
# set = "ps4"
# fails = []
# ///
# A walk by iterators on a stack; adjoints in a dict until the end.
# %% order
def topological_order(result):
    order, seen, walk = [], {result}, [(result, iter(result.parents))]
    while walk:
        node, parents = walk[-1]
        parent = next((p for p in parents if p not in seen), None)
        if parent is None:
            order.append(node)
            walk.pop()
        else:
            seen.add(parent)
            walk.append((parent, iter(parent.parents)))
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
