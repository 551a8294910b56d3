# /// case
# set = "ps2"
# fails = []
# ///
# The whole class with tags, so that nesting is right from the start.
# %% dual-class
class DualNumber:
    """Dual numbers each of which knows whose d it has."""

    def __init__(self, real, dual, tag=0):
        self.real, self.dual, self.tag = real, dual, tag

    def meet(self, other, rule):
        tag = max(self.tag, getattr(other, "tag", -1))
        (x, dx), (y, dy) = ((z.real, z.dual) if getattr(z, "tag", None) == tag else (z, 0.0) for z in (self, other))
        return DualNumber(*rule(x, dx, y, dy), tag)

    def __add__(self, other):
        return self.meet(other, lambda x, dx, y, dy: (x + y, dx + dy))

    def __mul__(self, other):
        return self.meet(other, lambda x, dx, y, dy: (x * y, x * dy + dx * y))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -1 * other

    def __rsub__(self, other):
        return other + -self

    def __truediv__(self, other):
        return self.meet(other, lambda x, dx, y, dy: (x / y, dx / y - x / y * dy / y))

    def __rtruediv__(self, other):
        return self**-1 * other

    def __pow__(self, n):
        return DualNumber(self.real**n, n * self.real ** (n - 1) * self.dual, self.tag)


def as_dual(z):
    return z if isinstance(z, DualNumber) else DualNumber(z, 0.0)
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real) * z.dual, z.tag)
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), -sin(z.real) * z.dual, z.tag)
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.real) * z.dual, z.tag)
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), z.dual / z.real, z.tag)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)), z.tag)
# %% derivative
tags = itertools.count(1)


def derivative(f, x):
    tag = next(tags)
    y = f(DualNumber(x, 1.0, tag))
    return y.dual if y.tag == tag else 0.0
