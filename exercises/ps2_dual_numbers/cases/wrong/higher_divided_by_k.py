# /// case
# set = "ps2"
# fails = ["taylor-coefficients"]
# says = "divided by k in place of k!"
# names = ["k-for-factorial"]
# ///
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients, factorial = [f(x)], 1
    functions = [f]
    for k in range(1, order + 1):
        functions.append(lambda y, g=functions[-1]: derivative(g, y))
        factorial *= k
        coefficients.append(functions[-1](x) / k)
    return np.array(coefficients)
