# /// case
# set = "ps2"
# fails = ["quotients", "expressions"]
# says = "c / x divides c by each part"
# names = ["rtruediv-parts"]
# ///
# %% dual-class
def as_dual(z):
    if isinstance(z, DualNumber):
        return z
    return DualNumber(z, 0.0)


class DualNumber:

    def __init__(self, real, dual):
        self.real = real
        self.dual = dual

    def __repr__(self):
        return f"{self.real} + {self.dual} d"

    def __add__(self, other):  # self + other; other is a dual number or a plain number
        other = as_dual(other)
        return DualNumber(self.real + other.real, self.dual + other.dual)

    def __radd__(self, other):  # other + self; other is a plain number
        return self + other

    def __sub__(self, other):  # self - other
        other = as_dual(other)
        return DualNumber(self.real - other.real, self.dual - other.dual)

    def __rsub__(self, other):  # other - self
        return as_dual(other) - self

    def __neg__(self):  # -self
        return DualNumber(-self.real, -self.dual)

    def __mul__(self, other):  # self * other
        other = as_dual(other)
        return DualNumber(self.real * other.real, self.real * other.dual + self.dual * other.real)

    def __rmul__(self, other):  # other * self
        return self * other

    def __truediv__(self, other):  # self / other
        other = as_dual(other)
        top = self.dual * other.real - self.real * other.dual
        return DualNumber(self.real / other.real, top / (other.real * other.real))

    def __rtruediv__(self, other):  # other / self
        return DualNumber(other / self.real, other / self.dual)

    def __pow__(self, n):  # self ** n; n is a plain number: whole, also negative or 0, or a fraction
        return DualNumber(self.real**n, n * self.real ** (n - 1) * self.dual)
        ### END SOLUTION
