# /// case
# set = "ps2"
# fails = ["second-derivative"]
# names = []
# ///
# %% higher.second_derivative
def second_derivative(f, x):
    h, weights = 0.008, (5 / 6, -5 / 21, 5 / 84, -5 / 504, 1 / 1260)
    slopes = [derivative(f, x + k * h) - derivative(f, x - k * h) for k in range(1, 6)]
    return sum(w * v for w, v in zip(weights, slopes)) / h
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients, factorial = [f(x)], 1
    functions = [f]
    for k in range(1, order + 1):
        functions.append(lambda y, g=functions[-1]: derivative(g, y))
        factorial *= k
        coefficients.append(functions[-1](x) / factorial)
    return np.array(coefficients)
