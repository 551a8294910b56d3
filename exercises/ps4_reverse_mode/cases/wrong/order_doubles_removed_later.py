# /// case
# set = "ps4"
# fails = ["order-of-diamonds", "long-chain"]
# says = "It walks along every path"
# names = ["recursive-order"]
# ///
# Right, but every path is walked, and doubles are taken out at the end.
# %% order
def topological_order(result):
    def walk(node):
        return [member for parent in node.parents for member in walk(parent)] + [node]

    return list(dict.fromkeys(walk(result)))
