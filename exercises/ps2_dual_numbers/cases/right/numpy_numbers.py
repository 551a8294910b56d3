# /// case
# set = "ps2"
# fails = []
# ///
# NumPy's numbers and functions.
# %% dual-class
def as_dual(z):
    return z if isinstance(z, DualNumber) else DualNumber(z, np.float64(0))


class DualNumber:
    def __init__(self, real, dual):
        self.real = real if isinstance(real, DualNumber) else np.float64(real)
        self.dual = dual

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
# %% functions.sin
def sin(z):
    if not isinstance(z, DualNumber):
        return np.sin(z)
    return DualNumber(sin(z.real), cos(z.real) * z.dual)
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return np.cos(z)
    return DualNumber(cos(z.real), -sin(z.real) * z.dual)
# %% functions.exp
def exp(z):
    if not isinstance(z, DualNumber):
        return np.exp(z)
    return DualNumber(exp(z.real), exp(z.real) * z.dual)
# %% functions.log
def log(z):
    if not isinstance(z, DualNumber):
        return np.log(z)
    return DualNumber(log(z.real), z.dual / z.real)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return np.sqrt(z)
    return DualNumber(sqrt(z.real), z.dual / (2 * sqrt(z.real)))
# %% gradient
def gradient(f, point):
    rows = np.identity(len(point))
    y = f(*(DualNumber(np.float64(x), row) for x, row in zip(point, rows)))
    return y.dual + 0
