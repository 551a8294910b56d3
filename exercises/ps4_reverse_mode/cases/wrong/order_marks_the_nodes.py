# /// case
# set = "ps4"
# fails = ["parents-first"]
# says = "asked for the same order a second time"
# ///
# The marks are still there at the next call.
# %% order
def topological_order(result):
    order, stack = [], [(result, iter(result.parents))]
    result.seen = True
    while stack:
        node, parents = stack[-1]
        for p in parents:
            if not getattr(p, "seen", False):
                p.seen = True
                stack.append((p, iter(p.parents)))
                break
        else:
            order.append(node)
            stack.pop()
    return order
