# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "the step goes along (1, ..., 1), and the difference is multiplied by v"
# names = ["v-times-row-sums"]
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    (g1,) = vjp(f, [x + h], 1.0)
    (g0,) = vjp(f, [x - h], 1.0)
    return v * (g1 - g0) / (2 * h)
