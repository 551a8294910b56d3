# /// case
# set = "ps1"
# fails = []
# ///
# The best steps searched for and not solved for: golden section on E, bisection on its slope.
# %% best-forward
def smallest(error, low, high):
    """Golden-section search for the minimum, over the logarithm of h."""
    golden = (5**0.5 - 1) / 2
    while high - low > 1e-12:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if error(10**left) < error(10**right):
            high = right
        else:
            low = left
    return 10 ** ((low + high) / 2)


def best_forward_step(value, second, precision="float64"):
    eps = float(np.finfo(precision).eps)
    return smallest(lambda h: h / 2 * abs(second) + 2 * eps * abs(value) / h, -14, 2)
# %% best-central
def best_central_step(value, third, precision="float64"):
    eps = np.finfo(precision).eps

    def error_slope(h):
        return h / 3 * abs(third) - eps * abs(value) / h**2

    low, high = 1e-14, 100.0
    for _ in range(200):
        middle = (low * high) ** 0.5
        if error_slope(middle) > 0:
            high = middle
        else:
            low = middle
    return middle
