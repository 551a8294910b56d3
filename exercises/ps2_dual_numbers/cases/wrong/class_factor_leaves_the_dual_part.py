# /// case
# set = "ps2"
# fails = ["products", "expressions"]
# says = "a plain factor leaves the dual part alone"
# names = ["factor-leaves-dual"]
# ///
# %% dual-class
def as_dual(z):
    return z if isinstance(z, DualNumber) else DualNumber(z, 0.0)


class DualNumber:
    def __init__(self, real, dual):
        self.real, self.dual = real, dual

    def __add__(self, other):
        other = as_dual(other)
        return DualNumber(self.real + other.real, self.dual + other.dual)

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        other = as_dual(other)
        return DualNumber(self.real - other.real, self.dual - other.dual)

    def __rsub__(self, other):
        return as_dual(other) - self

    def __neg__(self):
        return DualNumber(-self.real, -self.dual)

    def __mul__(self, other):
        if not isinstance(other, DualNumber):
            return DualNumber(self.real * other, self.dual)
        other = as_dual(other)
        return DualNumber(self.real * other.real, self.real * other.dual + self.dual * other.real)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        other = as_dual(other)
        top = self.dual * other.real - self.real * other.dual
        return DualNumber(self.real / other.real, top / other.real**2)

    def __rtruediv__(self, other):
        return as_dual(other) / self

    def __pow__(self, n):
        return DualNumber(self.real**n, n * self.real ** (n - 1) * self.dual)
