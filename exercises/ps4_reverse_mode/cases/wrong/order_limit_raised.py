# /// case
# set = "ps4"
# fails = ["long-chain"]
# says = "Python's limit of calls within calls is raised, and the recursion remains"
# names = ["limit-raised"]
# ///
# %% order
def topological_order(result):
    import sys
    sys.setrecursionlimit(50000)
    order, seen = [], set()
    def visit(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        for parent in node.parents:
            visit(parent)
        order.append(node)
    visit(result)
    return order
