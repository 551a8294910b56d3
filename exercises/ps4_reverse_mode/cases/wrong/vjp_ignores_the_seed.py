# /// case
# set = "ps4"
# fails = ["whole-programs"]
# says = "the seed is ignored: every row"
# names = ["seed-ignored-in-vjp"]
# ///
# Ones in place of the seed.
# %% vjp
def vjp(f, inputs, seed):
    nodes = [Node(x) for x in inputs]
    result = f(*nodes)
    backward(result, np.ones_like(result.value))
    return [np.zeros_like(node.value) if node.adjoint is None else node.adjoint for node in nodes]
