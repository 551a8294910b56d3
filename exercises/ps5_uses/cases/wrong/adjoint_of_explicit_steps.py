# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "belongs to the explicit step"
# names = ["adjoint-of-explicit"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    eye = np.eye(len(g))
    for y in path[-2::-1]:
        g = (eye + h * jacobian(y)).T @ g
    return g
