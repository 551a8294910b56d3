# /// case
# set = "ps1"
# fails = []
# ///
# Helper functions, other algebra; the complex step may subtract f(x), whose imaginary part is 0.
# %% forward
def value_and_step(f, x, h):
    return f(x), f(x + h)


def forward_slope(f, x, h):
    here, there = value_and_step(f, x, h)
    return there / h - here / h
# %% central
def one_sided(f, x, h):
    return (f(x + h) - f(x)) / h


def central_slope(f, x, h):
    """The mean of the forward and the backward difference."""
    return (one_sided(f, x, h) + one_sided(f, x, -h)) / 2
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    log_errors = np.log([abs(true_slope - scheme(f, x, h)) for h in steps])
    return np.diff(log_errors) / np.diff(np.log(steps))
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    return (4 * np.finfo(precision).eps * abs(value / second)) ** 0.5
# %% best-central
def best_central_step(value, third, precision="float64"):
    return abs(3 * np.finfo(precision).eps * value / third) ** (1 / 3)
# %% complex
def complex_slope(f, x, h=1e-20):
    step = complex(0, h)
    return np.imag((f(x + step) - f(x)) / h)
