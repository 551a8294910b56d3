# /// case
# set = "ps4"
# fails = ["long-chain"]
# says = "Python stops that at some thousand"
# names = ["recursive-order"]
# ///
# %% order
def topological_order(result):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(result)
    return order
