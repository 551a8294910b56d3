# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "which belongs to the explicit step"
# names = ["adjoint-of-explicit-at-ends"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    for Y in path[:0:-1]:
        g = (np.eye(len(g)) + h * jacobian(Y)).T @ g
    return g
