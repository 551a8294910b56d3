# /// case
# set = "ps2"
# fails = ["taylor-coefficients"]
# says = "divided by (k + 1)! in place of k!"
# names = ["next-factorial"]
# ///
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients, factorial = [f(x)], 1
    functions = [f]
    for k in range(1, order + 1):
        functions.append(lambda y, g=functions[-1]: derivative(g, y))
        factorial *= k
        coefficients.append(functions[-1](x) / (factorial * (k + 1)))
    return np.array(coefficients)
