# /// case
# set = "ps4"
# fails = ["whole-programs"]
# says = "they share a node"
# ///
# %% vjp
_made = {}
def vjp(f, inputs, seed):
    nodes = [_made.setdefault(np.asarray(x).tobytes(), Node(x)) for x in inputs]
    y = f(*nodes)
    backward(y, seed)
    return [np.zeros_like(n.value) if n.adjoint is None else n.adjoint for n in nodes]
