# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "from the first to the last"
# names = ["adjoint-forwards"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    eye = np.eye(len(g))
    for Y in path[1:]:
        g = np.linalg.solve((eye - h * jacobian(Y)).T, g)
    return g
