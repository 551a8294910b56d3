# /// case
# set = "ps4"
# fails = ["parents-first", "order-of-diamonds", "long-chain"]
# says = "the order is upside down"
# names = ["order-upside-down", "recursive-order"]
# ///
# The order of the sweep, where the order of the program is asked for.
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
