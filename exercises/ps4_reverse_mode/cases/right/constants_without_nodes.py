# /// case
# set = "ps4"
# fails = []
# ///
# Only nodes are parents; plain operands leave no trace.
# %% node
class Node:

    __array_ufunc__ = None  # in array * node, NumPy leaves the work to us

    def __init__(self, value, parents=(), pulls=()):
        self.value = np.asarray(value, dtype=float)
        self.parents = tuple(parents)
        self.pulls = tuple(pulls)
        self.adjoint = None  # known after the sweep

    def __add__(self, other): return add(self, other)
    def __radd__(self, other): return add(other, self)
    def __mul__(self, other): return multiply(self, other)
    def __rmul__(self, other): return multiply(other, self)
    def __sub__(self, other): return subtract(self, other)
    def __rsub__(self, other): return subtract(other, self)
    def __truediv__(self, other): return divide(self, other)
    def __rtruediv__(self, other): return divide(other, self)
    def __neg__(self): return subtract(0.0, self)
    def __pow__(self, exponent): return power(self, exponent)
    def __matmul__(self, other): return matmul(self, other)
    def __rmatmul__(self, other): return matmul(other, self)
    def __getitem__(self, index): return take(self, index)
    def exp(self): return exp(self)
    def log(self): return log(self)
    def sin(self): return sin(self)
    def tanh(self): return tanh(self)
    def sum(self, axis=None, keepdims=False): return sum_of(self, axis, keepdims)
    def reshape(self, shape): return reshape(self, shape)
    def __repr__(self): return f"<node {self.value}>"


def as_node(x):
    return x if isinstance(x, Node) else Node(x)


def value_of(x):
    return x.value if isinstance(x, Node) else np.asarray(x, dtype=float)


def record(value, *operands):
    """Make a node whose parents are the operands that are nodes; each comes with its pull."""
    traced = [(x, pull) for x, pull in operands if isinstance(x, Node)]
    return Node(value, [x for x, _ in traced], [pull for _, pull in traced])


def add(a, b):
    return record(value_of(a) + value_of(b), (a, lambda g: g), (b, lambda g: g))


def multiply(a, b):
    u, v = value_of(a), value_of(b)
    return record(u * v, (a, lambda g: g * v), (b, lambda g: g * u))
# %% operators.subtract
def subtract(a, b):
    return record(value_of(a) - value_of(b), (a, lambda g: g), (b, lambda g: -1 * g))
# %% operators.divide
def divide(a, b):
    u, v = value_of(a), value_of(b)
    return record(u / v, (a, lambda g: g / v), (b, lambda g: -g * (u / v) / v))
# %% operators.power
def power(a, exponent):
    x = a.value
    return record(x**exponent, (a, lambda g: g * exponent * x**exponent / x))
