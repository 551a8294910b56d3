# /// case
# set = "ps2"
# fails = ["second-derivative"]
# says = "the square of the first derivative"
# names = ["first-squared"]
# ///
# %% higher.second_derivative
def second_derivative(f, x):
    return derivative(f, x) ** 2
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients, factorial = [f(x)], 1
    functions = [f]
    for k in range(1, order + 1):
        functions.append(lambda y, g=functions[-1]: derivative(g, y))
        factorial *= k
        coefficients.append(functions[-1](x) / factorial)
    return np.array(coefficients)
