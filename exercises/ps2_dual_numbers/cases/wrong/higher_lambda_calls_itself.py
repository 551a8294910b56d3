# /// case
# set = "ps2"
# fails = ["taylor-coefficients"]
# says = "a lambda calls itself without end"
# names = ["lambda-calls-itself"]
# ///
# %% higher.taylor_coefficients
def taylor_coefficients(f, x, order):
    coefficients = [f(x)]
    for k in range(1, order + 1):
        f = lambda y: derivative(f, y)
        coefficients.append(f(x) / math.factorial(k))
    return np.array(coefficients)
