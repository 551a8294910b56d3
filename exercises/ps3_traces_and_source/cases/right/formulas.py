# /// case
# set = "ps3"
# fails = []
# ///
# Partial derivatives by formulas, NumPy arrays for lists, an own dual number for the programs.
# %% trace
def fill_trace(x1, x2, dx1, dx2):
    e = np.exp(x2)
    values = np.array([x1, x2, e, x1 * e, x1 / x2, x1 * e - x1 / x2])
    by_x1 = np.array([1, 0, 0, e, 1 / x2, e - 1 / x2])
    by_x2 = np.array([0, 1, e, x1 * e, -x1 / x2**2, x1 * e + x1 / x2**2])
    return values, by_x1 * dx1 + by_x2 * dx2
# %% dual
class D:
    def __init__(self, v, d=0.0):
        self.v, self.d = v, d

    def __mul__(self, o):
        return D(self.v * o.v, self.d * o.v + self.v * o.d)

    def __truediv__(self, o):
        return D(self.v / o.v, (self.d * o.v - self.v * o.d) / o.v**2)

    def __sub__(self, o):
        return D(self.v - o.v, self.d - o.d)

    def __add__(self, o):
        return D(self.v + o.v, self.d + o.d)

    def __neg__(self):
        return D(-self.v, -self.d)

    def sin(self):
        return D(np.sin(self.v), np.cos(self.v) * self.d)

    def exp(self):
        return D(np.exp(self.v), np.exp(self.v) * self.d)


def dual_current(x1, x2, dx1, dx2):
    x1, x2 = D(x1, dx1), D(x2, dx2)
    w3 = x1 * x2
    w5 = w3.sin() / x2
    y = w5 * w5 - w3
    return y.v, y.d


def dual_tide(x, r, n, dx, dr):
    x, r = D(x, dx), D(r, dr)
    for k in range(n):
        x = x * (-r * x).exp() if k % 2 == 0 else x + r * r
    return x.v, x.d
