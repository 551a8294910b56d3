# /// case
# set = "ps2"
# fails = []
# ///
# %% higher
def second_derivative(f, x):
    z = f(DualNumber(DualNumber(x, 1.0), DualNumber(1.0, 0.0)))
    return z.dual.dual
def taylor_coefficients(f, x, order):
    out = [f(x)]
    g = f
    for k in range(1, order + 1):
        g = (lambda h: lambda y: derivative(h, y))(g)
        out.append(g(x) / math.factorial(k))
    return out
