# /// case
# set = "ps4"
# fails = []
# ///
# Differences, quotients and powers made of other operations; constants get no place among the parents.
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


def add(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value + b.value, (a, b), (lambda g: g, lambda g: g))


def multiply(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value * b.value, (a, b), (lambda g: b.value * g, lambda g: a.value * g))
# %% operators.subtract
def subtract(a, b):
    return add(a, multiply(-1.0, b))
# %% operators.divide
def divide(a, b):
    return multiply(a, power(as_node(b), -1))
# %% operators.power
def power(a, exponent):
    slope = exponent * a.value ** (exponent - 1.0)

    def pull(g):
        return slope * g

    return Node(np.power(a.value, exponent), [a], [pull])
# %% functions
def elementwise(value, slope):
    def function(a):
        y, s = value(a.value), slope(a.value)
        return Node(y, (a,), (lambda g: g * s,))

    return function


exp = elementwise(np.exp, np.exp)
log = elementwise(np.log, np.reciprocal)
sin = elementwise(np.sin, np.cos)
tanh = elementwise(np.tanh, lambda x: 1 / np.cosh(x) ** 2)
