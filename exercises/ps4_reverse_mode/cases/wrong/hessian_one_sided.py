# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "a difference to one side, (grad f(x + h v) - grad f(x)) / h, whose error is as large as h"
# names = ["one-sided"]
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    (g1,) = vjp(f, [x + h * v], 1.0)
    (g0,) = vjp(f, [x], 1.0)
    return (g1 - g0) / h
