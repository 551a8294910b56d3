# /// case
# set = "ps4"
# fails = []
# ///
# Axis by axis, and sums in place into arrays of its own.
# %% broadcast
def summed_to(g, shape):
    g = np.asarray(g, dtype=float)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1 and g.shape[axis] > 1:
            g = g.sum(axis=axis, keepdims=True)
    return g
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros(node.value.shape)
    result.adjoint += seed
    while order:
        node = order.pop()
        for k in range(len(node.parents)):
            node.parents[k].adjoint += summed_to(node.pulls[k](node.adjoint), node.parents[k].value.shape)
# %% vjp
def vjp(f, inputs, seed):
    nodes = []
    for x in inputs:
        nodes.append(Node(x))
        nodes[-1].adjoint = np.zeros_like(nodes[-1].value)
    backward(f(*nodes), seed)
    return tuple(node.adjoint for node in nodes)
