# /// case
# set = "ps1"
# fails = []
# ///
# Loops in place of arrays, other names for the arguments.
# %% forward
def forward_slope(function, point, step):
    rise = function(point + step) - function(point)
    run = step
    slope = rise / run
    return slope
# %% central
def central_slope(f, x, h):
    if np.ndim(x) == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    slopes = np.zeros(len(x))
    for k in range(len(x)):
        slopes[k] = (f(x[k] + h) - f(x[k] - h)) / (2 * h)
    return slopes
# %% order
from math import log


def observed_orders(scheme, f, x, true_slope, steps):
    orders = []
    for k in range(len(steps) - 1):
        first = abs(scheme(f, x, steps[k]) - true_slope)
        second = abs(scheme(f, x, steps[k + 1]) - true_slope)
        orders.append(log(second / first) / log(steps[k + 1] / steps[k]))
    return np.array(orders)
# %% complex
def complex_slope(f, x, h=1e-20):
    if np.ndim(x) == 0:
        return float(f(complex(x, h)).imag / h)
    slopes = []
    for point in x:
        slopes.append(f(complex(point, h)).imag / h)
    return np.array(slopes)
