# /// case
# set = "ps4"
# fails = ["product", "quotient", "power", "functions-of-one", "parents-first", "order-of-diamonds", "long-chain", "summed-to", "one-path", "reuse", "again", "diamonds", "broadcasting", "matrix-product", "many-matrices", "sums", "taken-entries", "whole-programs"]
# says = "This part is not done yet"
# names = []
# ///
# The notebook as it was released.
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
    raise NotImplementedError()
# %% operators.subtract
def subtract(a, b):
    raise NotImplementedError()
# %% operators.divide
def divide(a, b):
    raise NotImplementedError()
# %% operators.power
def power(a, exponent):
    raise NotImplementedError()
# %% functions.exp
def exp(a):
    raise NotImplementedError()
# %% functions.log
def log(a):
    raise NotImplementedError()
# %% functions.sin
def sin(a):
    raise NotImplementedError()
# %% functions.tanh
def tanh(a):
    raise NotImplementedError()
# %% order
def topological_order(result):
    raise NotImplementedError()
# %% broadcast
def summed_to(g, shape):
    raise NotImplementedError()
# %% sweep
def backward(result, seed=1.0):
    raise NotImplementedError()
# %% arrays.matmul
def matmul(a, b):
    raise NotImplementedError()
# %% arrays.sum_of
def sum_of(a, axis=None, keepdims=False):
    raise NotImplementedError()
# %% arrays.take
def take(a, index):
    raise NotImplementedError()
# %% vjp
def vjp(f, inputs, seed):
    raise NotImplementedError()
