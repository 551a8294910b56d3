# /// case
# set = "ps4"
# fails = ["parents-first", "long-chain"]
# says = "and the list turned round"
# names = ["first-met-turned-round", "recursive-order"]
# ///
# Parents are listed after the node that is met first, and all is reversed.
# %% order
def topological_order(result):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        order.append(node)
        for parent in node.parents:
            visit(parent)

    visit(result)
    return order[::-1]
