# /// case
# set = "ps5"
# fails = []
# ///
# %% own-tape
class Node:
    """A tape of its own: every node knows its parents and the pulls to them."""

    __array_priority__ = 1000
    __array_ufunc__ = None

    def __init__(self, value, parents=(), pulls=()):
        self.value, self.parents, self.pulls, self.adjoint = np.asarray(value, float), parents, pulls, None

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value + other.value, (self, other), (lambda g: g, lambda g: g))

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.value * other.value, (self, other), (lambda g: g * other.value, lambda g: g * self.value))

    def __pow__(self, p):
        return Node(self.value**p, (self,), (lambda g: g * p * self.value ** (p - 1),))

    def __matmul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        pulls = (lambda g: g @ other.value.T, lambda g: self.value.T @ g)
        return Node(self.value @ other.value, (self, other), pulls)

    __radd__, __rmul__ = __add__, __mul__
    __neg__ = lambda self: self * -1.0
    __sub__ = lambda self, other: self + (-other if isinstance(other, Node) else -np.asarray(other, float))
    __rsub__ = lambda self, other: -self + other
    __truediv__ = lambda self, other: self * (other**-1 if isinstance(other, Node) else 1 / np.asarray(other, float))
    __rmatmul__ = lambda self, other: Node(other) @ self

    def tanh(self):
        y = np.tanh(self.value)
        return Node(y, (self,), (lambda g: g * (1 - y * y),))

    def sum(self):
        return Node(self.value.sum(), (self,), (lambda g: g * np.ones(self.value.shape),))


def vjp(f, inputs, seed):
    nodes = [Node(x) for x in inputs]
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for parent in node.parents:
                visit(parent)
            order.append(node)

    result = f(*nodes)
    visit(result)
    for node in [*order, *nodes]:
        node.adjoint = np.zeros(node.value.shape)
    result.adjoint = result.adjoint + seed
    for node in reversed(order):
        for parent, pull in zip(node.parents, node.pulls):
            g = np.asarray(pull(node.adjoint))
            while g.ndim > parent.value.ndim:
                g = g.sum(axis=0)
            parent.adjoint = parent.adjoint + g
    return [node.adjoint for node in nodes]
