# /// case
# set = "ps2"
# fails = ["taylor-coefficients"]
# says = "c_0, the value of f, is missing"
# names = ["no-c0"]
# ///
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients, factorial = [], 1
    functions = [f]
    for k in range(1, order + 1):
        functions.append(lambda y, g=functions[-1]: derivative(g, y))
        factorial *= k
        coefficients.append(functions[-1](x) / factorial)
    return np.array(coefficients)
