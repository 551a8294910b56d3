# /// case
# set = "ps4"
# fails = ["order-of-diamonds", "long-chain"]
# says = "nodes of the same value are taken for one"
# names = ["known-by-value"]
# ///
# Two nodes may have the same value.
# %% order
def topological_order(result):
    order, seen = [], set()

    def visit(node):
        if float(node.value) not in seen:
            seen.add(float(node.value))
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(result)
    return order
