# /// case
# set = "ps4"
# fails = []
# ///
# %% order
def topological_order(result):
    order, done = [], set()
    stack = [result]
    while stack:
        node = stack[-1]
        missing = [p for p in node.parents if id(p) not in done]
        if missing:
            stack.append(missing[0])
        else:
            stack.pop()
            if id(node) not in done:
                done.add(id(node))
                order.append(node)
    return order
