# /// case
# set = "ps4"
# fails = []
# ///
# %% order
def topological_order(result):
    users, nodes, todo = {}, {}, [result]
    nodes[id(result)] = result
    while todo:
        n = todo.pop()
        for p in n.parents:
            users[id(p)] = users.get(id(p), 0) + 1
            if id(p) not in nodes:
                nodes[id(p)] = p
                todo.append(p)
    out, ready = [], [result]
    while ready:
        n = ready.pop()
        out.append(n)
        for p in n.parents:
            users[id(p)] -= 1
            if users[id(p)] == 0:
                ready.append(p)
    return out[::-1]
