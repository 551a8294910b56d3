# /// case
# set = "ps4"
# fails = ["parents-first", "order-of-diamonds", "long-chain"]
# says = "the result itself is missing"
# names = ["result-missing", "recursive-order"]
# ///
# The result is left out.
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
    return order[:-1]
