# /// case
# set = "ps4"
# fails = ["parents-first"]
# says = "breadth first, turned round"
# names = ["breadth-first-turned-round"]
# ///
# Breadth first, turned round. On chains that is right.
# %% order
def topological_order(result):
    order, waiting = [], [result]
    for node in waiting:
        if node not in order:
            order.append(node)
            waiting.extend(node.parents)
    return order[::-1]
