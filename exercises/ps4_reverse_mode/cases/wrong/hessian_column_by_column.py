# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "two gradients suffice"
# names = []
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    steps = h * np.eye(len(x))
    rows = [vjp(f, [x + s], 1.0)[0] - vjp(f, [x - s], 1.0)[0] for s in steps]
    return v @ np.array(rows) / (2 * h)
