# /// case
# set = "ps4"
# fails = ["parents-first"]
# says = "asked for the same order a second time"
# ///
# %% order
_visited = set()
def topological_order(result):
    order, stack = [], [(result, iter(result.parents))]
    while stack:
        node, parents = stack[-1]
        for p in parents:
            if p not in _visited:
                _visited.add(p)
                stack.append((p, iter(p.parents)))
                break
        else:
            order.append(node)
            stack.pop()
    return order
