# /// case
# set = "ps4"
# fails = ["parents-first", "order-of-diamonds", "long-chain"]
# says = "the order is upside down"
# names = ["order-upside-down", "recursive-order"]
# ///
# One wrong early part costs its own points and no others: the sweep is tried with a right order.
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
    return order[::-1]
# %% sweep
def backward(result, seed=1.0):
    order = topological_order(result)
    for node in order:
        node.adjoint = np.zeros_like(node.value)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls, strict=True):
            parent.adjoint = parent.adjoint + summed_to(pull(node.adjoint), parent.value.shape)
