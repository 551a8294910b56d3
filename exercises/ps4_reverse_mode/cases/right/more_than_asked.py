# /// case
# set = "ps4"
# fails = []
# ///
# A class with names, numbers, more methods. The order is the one in which nodes were made.
# %% node
import itertools


class Node:

    counter = itertools.count()

    @property
    def T(self):
        return Node(self.value.T, (self,), (lambda g: g.T,))

    @property
    def shape(self):
        return self.value.shape

    def __len__(self):
        return len(self.value)

    def __abs__(self):
        return Node(abs(self.value), (self,), (lambda g: g * np.sign(self.value),))

    def mean(self):
        return self.sum() / self.value.size

    __array_ufunc__ = None  # in array * node, NumPy leaves the work to us

    def __init__(self, value, parents=(), pulls=()):
        self.value = np.asarray(value, dtype=float)
        self.parents = tuple(parents)
        self.pulls = tuple(pulls)
        self.adjoint = None
        self.number = next(Node.counter)
        self.name = ""

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
    return Node(a.value * b.value, (a, b), (lambda g: g * b.value, lambda g: g * a.value))
# %% order
def topological_order(result):
    found, waiting = {result.number: result}, [result]
    while waiting:
        for parent in waiting.pop().parents:
            if parent.number not in found:
                found[parent.number] = parent
                waiting.append(parent)
    return [found[number] for number in sorted(found)]
