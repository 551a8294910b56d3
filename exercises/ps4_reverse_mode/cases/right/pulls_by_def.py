# /// case
# set = "ps4"
# fails = []
# ///
# %% node.multiply
def multiply(a, b):
    a = as_node(a)
    b = as_node(b)
    def to_a(g):
        return np.multiply(g, b.value)
    def to_b(g):
        return np.multiply(g, a.value)
    out = Node(np.multiply(a.value, b.value), [a, b], [to_a, to_b])
    return out
