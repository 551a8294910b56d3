# /// case
# set = "ps1"
# fails = []
# ///
# NumPy's scalars for floats, arrays without a dimension, the scheme called once with all the steps.
# %% forward
def forward_slope(f, x, h):
    x, h = np.float64(x), np.float64(h)
    return np.asarray(f(x + h) - f(x)) / h
# %% central
def central_slope(f, x, h):
    x = np.array(x, dtype=float)
    right, left = f(np.add(x, h)), f(np.subtract(x, h))
    return np.divide(right - left, 2 * h)
# %% order
def observed_orders(scheme, f, x, true_slope, steps):
    errors = np.abs(scheme(f, x, steps) - true_slope)
    return np.log2(errors[1:] / errors[:-1]) / np.log2(steps[1:] / steps[:-1])
# %% best-forward
def best_forward_step(value, second, precision="float64"):
    value, second, eps = np.float64(abs(value)), np.float64(abs(second)), np.float64(np.finfo(precision).eps)
    return np.float64(np.sqrt(4 * eps * value / second))
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = {"float64": 2.0**-52, "float32": 2.0**-23}[precision]
    return np.power(3 * eps * np.abs(value) / np.abs(third), 1 / 3)
# %% complex
def complex_slope(f, x, h=1e-20):
    x = np.asarray(x, dtype=complex)
    return np.imag(f(x + 1j * h) / h)
