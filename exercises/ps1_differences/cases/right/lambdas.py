# /// case
# set = "ps1"
# fails = []
# ///
# Lambdas in place of defs; the same formulas in another order.
# %% forward
forward_slope = lambda f, x, h: (f(x + h) - f(x)) / h
# %% central
central_slope = lambda f, x, h: 0.5 * (f(x + h) - f(x - h)) / h
# %% complex
complex_slope = lambda f, x, h=1e-20: f(x + h * 1j).imag / h
