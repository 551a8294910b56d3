# /// case
# set = "ps2"
# fails = []
# ///
# A class that cannot be changed, with more operators than asked for; functions made by a function.
# %% dual-class
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DualNumber:
    real: Any
    dual: Any

    __array_ufunc__ = None  # so that NumPy's numbers on the left ask this class

    def __add__(self, other):
        if not isinstance(other, DualNumber):
            return DualNumber(self.real + other, self.dual)
        return DualNumber(self.real + other.real, self.dual + other.dual)

    __radd__ = __add__

    def __neg__(self):
        return DualNumber(-self.real, -self.dual)

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __mul__(self, other):
        if not isinstance(other, DualNumber):
            return DualNumber(self.real * other, self.dual * other)
        return DualNumber(self.real * other.real, self.real * other.dual + self.dual * other.real)

    __rmul__ = __mul__

    def reciprocal(self):
        return DualNumber(1 / self.real, -self.dual / (self.real * self.real))

    def __truediv__(self, other):
        return self * (other.reciprocal() if isinstance(other, DualNumber) else 1 / other)

    def __rtruediv__(self, other):
        return self.reciprocal() * other

    def __pow__(self, n):
        if n == 0:
            return DualNumber(1.0, 0 * self.dual)
        return DualNumber(self.real**n, n * self.real ** (n - 1) * self.dual)

    def __lt__(self, other):
        return self.real < (other.real if isinstance(other, DualNumber) else other)

    def __float__(self):
        return float(self.real)


def as_dual(z):
    return z if isinstance(z, DualNumber) else DualNumber(z, 0.0)
# %% functions
import functools


def lifted(function, slope):
    @functools.wraps(function)
    def lift(z):
        return DualNumber(lift(z.real), slope(z.real) * z.dual) if isinstance(z, DualNumber) else function(z)

    return lift


sin = lifted(math.sin, lambda x: cos(x))
cos = lifted(math.cos, lambda x: -sin(x))
exp = lifted(math.exp, lambda x: exp(x))
log = lifted(math.log, lambda x: 1 / x)
sqrt = lifted(math.sqrt, lambda x: 0.5 / sqrt(x))
# %% derivative
derivative = lambda f, x: as_dual(f(DualNumber(x, 1))).dual
