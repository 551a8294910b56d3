# /// case
# set = "ps4"
# fails = []
# ///
# Kahn: a node is ready when all that use it are done. The order is another one, and as good.
# %% order
def topological_order(result):
    uses, waiting, known = {id(result): 0}, [result], [result]
    while waiting:
        for parent in waiting.pop().parents:
            if id(parent) not in uses:
                uses[id(parent)] = 0
                waiting.append(parent)
                known.append(parent)
            uses[id(parent)] += 1
    backwards, ready = [], [result]
    while ready:
        node = ready.pop()
        backwards.append(node)
        for parent in node.parents:
            uses[id(parent)] -= 1
            if uses[id(parent)] == 0:
                ready.append(parent)
    return backwards[::-1]
