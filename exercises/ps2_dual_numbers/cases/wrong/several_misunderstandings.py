# /// case
# set = "ps2"
# fails = ["products", "powers", "expressions", "sine-cosine", "exp-log-sqrt", "gradient-of-a-program", "gradient-in-one-run"]
# says = "no inner derivative"
# names = ["product-of-duals", "power-no-inner", "no-inner", "one-d-for-all-variables"]
# ///
# A student who has met the chain rule, but not used it.
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
        other = as_dual(other)
        return DualNumber(self.real * other.real, self.dual * other.dual)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        other = as_dual(other)
        top = self.dual * other.real - self.real * other.dual
        return DualNumber(self.real / other.real, top / other.real**2)

    def __rtruediv__(self, other):
        return as_dual(other) / self

    def __pow__(self, n):
        return DualNumber(self.real**n, n * self.real ** (n - 1))
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return math.sin(z)
    return DualNumber(sin(z.real), cos(z.real))
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(cos(z.real), -sin(z.real))
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return math.exp(z)
    return DualNumber(exp(z.real), exp(z.real))
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return math.log(z)
    return DualNumber(log(z.real), 1 / z.real)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return DualNumber(sqrt(z.real), 1 / (2 * sqrt(z.real)))
# %% gradient
def gradient(f, point):
    return f(*[DualNumber(x, 1.0) for x in point]).dual
