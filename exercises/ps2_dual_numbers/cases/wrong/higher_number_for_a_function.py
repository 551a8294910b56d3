# /// case
# set = "ps2"
# fails = ["second-derivative", "taylor-coefficients"]
# says = "is a number, and what is differentiated is a function"
# names = ["number-for-function"]
# ///
# %% higher.second_derivative
def second_derivative(f, x):
    return derivative(derivative(f, x), x)
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients, g, factorial = [f(x)], f, 1
    for k in range(1, order + 1):
        g = derivative(g, x)
        factorial *= k
        coefficients.append(g / factorial)
    return np.array(coefficients)
