# /// case
# set = "ps2"
# fails = ["sums", "products", "quotients", "powers", "expressions", "sine-cosine", "exp-log-sqrt", "derivative-of-a-program", "gradient-of-a-program", "gradient-in-one-run", "second-derivative", "taylor-coefficients", "a-d-of-its-own"]
# says = "This part is not done yet"
# names = []
# ///
# %% dual-class
def as_dual(z):
    if isinstance(z, DualNumber):
        return z
    raise NotImplementedError()


class DualNumber:
    def __init__(self, real, dual):
        self.real, self.dual = real, dual

    def __add__(self, other):
        raise NotImplementedError()

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = __add__
# %% functions
def sin(z):
    raise NotImplementedError()


cos = exp = log = sqrt = sin
# %% derivative
def derivative(f, x):
    raise NotImplementedError()
# %% gradient
def gradient(f, point):
    raise NotImplementedError()
# %% higher.second_derivative
def second_derivative(f, x):
    raise NotImplementedError()
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    raise NotImplementedError()
# %% together
def together(a, b):
    raise NotImplementedError()
