# /// case
# set = "ps4"
# fails = ["parents-first", "order-of-diamonds", "long-chain"]
# says = "a node that is used twice is listed twice"
# names = ["listed-twice", "recursive-order"]
# ///
# Nobody remembers who was seen: nodes come twice, and the work doubles at each diamond.
# %% order
def topological_order(result):
    order = []
    for parent in result.parents:
        order.extend(topological_order(parent))
    return [*order, result]
