# /// case
# set = "ps4"
# fails = []
# ///
# Functions of the module in place of lambdas, bound by functools.partial; the sums by einsum and ones.
# %% node
from functools import partial


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


def times(factor, g):
    return factor * g


def same(g):
    return g


def add(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value + b.value, [a, b], [same, same])


def multiply(a, b):
    a, b = as_node(a), as_node(b)
    return Node(a.value * b.value, [a, b], [partial(times, b.value), partial(times, a.value)])
# %% arrays.matmul
def matmul(a, b):
    a, b = as_node(a), as_node(b)
    pulls = (lambda g: np.einsum('...ij,...kj->...ik', g, b.value), lambda g: np.einsum('...ji,...jk->...ik', a.value, g))
    return Node(a.value @ b.value, (a, b), pulls)
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    def pull(g):
        if keepdims or axis is None:
            return g * np.ones(a.value.shape)
        whole = np.array(a.value.shape)
        whole[list(np.atleast_1d(axis))] = 1
        return np.reshape(g, whole) * np.ones(a.value.shape)

    return Node(a.value.sum(axis=axis, keepdims=keepdims), (a,), (pull,))
# %% arrays.take
def take(a, index):
    def pull(g):
        whole = np.zeros_like(a.value)
        flat = np.zeros(whole.size)
        places = np.arange(whole.size).reshape(whole.shape)[index]
        for place, piece in zip(np.ravel(places), np.ravel(g)):
            flat[place] += piece
        whole = flat.reshape(whole.shape)
        return whole

    return Node(a.value[index], (a,), (pull,))
