# /// case
# set = "ps4"
# fails = ["whole-programs"]
# says = "an input that f does not use has no adjoint"
# names = ["unused-is-none"]
# ///
# None where an input was not used.
# %% vjp
def vjp(f, inputs, seed):
    nodes = [Node(x) for x in inputs]
    backward(f(*nodes), seed)
    return [node.adjoint for node in nodes]
