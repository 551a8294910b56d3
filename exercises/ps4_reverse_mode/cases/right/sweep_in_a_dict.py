# /// case
# set = "ps4"
# fails = []
# ///
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    adj = {id(node): 0.0 for node in order}
    adj[id(result)] = seed
    for node in reversed(order):
        for k in range(len(node.parents)):
            p = node.parents[k]
            adj[id(p)] = adj[id(p)] + summed_to(node.pulls[k](adj[id(node)]), np.shape(p.value))
    for node in order:
        node.adjoint = adj[id(node)]
