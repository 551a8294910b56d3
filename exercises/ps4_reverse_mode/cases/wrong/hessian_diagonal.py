# /// case
# set = "ps4"
# fails = ["hessian-vector"]
# says = "only the diagonal of the Hessian is there"
# names = ["diagonal-alone"]
# ///
# %% curvature
def hessian_vector(f, x, v):
    h = 1e-5
    steps = h * np.eye(len(x))
    diagonal = [(vjp(f, [x + s], 1.0)[0] - vjp(f, [x - s], 1.0)[0])[k] for k, s in enumerate(steps)]
    return np.array(diagonal) / (2 * h) * v
