# /// case
# set = "ps5"
# fails = []
# ///
# %% newton
def newton_path(f, slope, start, steps):
    if steps == 0:
        return np.array([start])
    before = newton_path(f, slope, start, steps - 1)
    return np.append(before, before[-1] - f(before[-1]) / slope(before[-1]))
# %% system
newton_step = lambda f, jacobian, x: x + np.linalg.inv(jacobian(x)).dot(-f(x))
# %% gauss-newton
def gauss_newton_step(residuals, jacobian, b):
    return b - np.linalg.pinv(jacobian(b)) @ residuals(b)
# %% training
def training_step(weights, X, targets, rate):
    def f(W1, b1, W2, b2):
        return loss(network(W1, b1, W2, b2, X), targets)

    new = []
    for w, g in zip(weights, vjp(f, weights, 1.0)):
        new.append(np.subtract(w, np.multiply(rate, g)))
    return tuple(new)
