# /// case
# set = "ps2"
# fails = ["second-derivative"]
# says = "the dual part of the outer number must be the constant 1"
# names = ["first-plus-second"]
# ///
# %% higher.second_derivative
def second_derivative(f, x):
    return f(DualNumber(DualNumber(x, 1.0), DualNumber(1.0, 1.0))).dual.dual
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients, factorial = [f(x)], 1
    functions = [f]
    for k in range(1, order + 1):
        functions.append(lambda y, g=functions[-1]: derivative(g, y))
        factorial *= k
        coefficients.append(functions[-1](x) / factorial)
    return np.array(coefficients)
