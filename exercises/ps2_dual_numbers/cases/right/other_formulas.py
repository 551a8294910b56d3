# /// case
# set = "ps2"
# fails = []
# ///
# Quotients by powers, powers by products, roots by powers; seeds other than 1; all levels in one run.
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
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __neg__(self):
        return DualNumber(-self.real, -self.dual)

    def __mul__(self, other):
        other = as_dual(other)
        return DualNumber(self.real * other.real, self.real * other.dual + self.dual * other.real)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        other = as_dual(other)
        return self * other**-1

    def __rtruediv__(self, other):
        return self**-1 * other

    def __pow__(self, n):
        if n == int(n):
            product = DualNumber(1.0, 0.0)
            for _ in range(abs(int(n))):
                product = product * self
            return product if n >= 0 else DualNumber(1 / product.real, -product.dual / (product.real * product.real))
        return DualNumber(self.real**n, n * self.dual * (self.real**n / self.real))  # n x^n / x
# %% functions.cos
def cos(z):
    if not isinstance(z, DualNumber):
        return math.cos(z)
    return DualNumber(sin(z.real + math.pi / 2), cos(z.real + math.pi / 2) * z.dual)
# %% functions.sqrt
def sqrt(z):
    if not isinstance(z, DualNumber):
        return math.sqrt(z)
    return z**0.5
# %% derivative
def derivative(f, x):
    y = f(DualNumber(x, 0.5))
    return 2 * y.dual
# %% gradient
def gradient(f, point):
    n = len(point)
    variables = []
    for i in range(n):
        direction = np.zeros(n)
        direction[i] = 1
        variables.append(DualNumber(point[i], direction))
    return np.asarray(f(*variables).dual)
# %% higher.second_derivative
def second_derivative(f, x):
    return f(DualNumber(DualNumber(x, 1.0), 1.0)).dual.dual
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    z = x
    for _ in range(order):
        z = DualNumber(z, 1.0)
    y, coefficients = f(z), []
    for k in range(order + 1):
        value = y
        while isinstance(value, DualNumber):
            value = value.real
        coefficients.append(value / math.factorial(k))
        y = y.dual if isinstance(y, DualNumber) else 0.0
    return np.array(coefficients)
# %% together
def together(a, b):
    tag_of_a, tag_of_b = getattr(a, "tag", 0), getattr(b, "tag", 0)
    if tag_of_a == tag_of_b:
        return tag_of_a, (a.real, a.dual), (b.real, b.dual)
    if tag_of_a > tag_of_b:
        return tag_of_a, (a.real, a.dual), (b, 0.0)
    return tag_of_b, (a, 0.0), (b.real, b.dual)
