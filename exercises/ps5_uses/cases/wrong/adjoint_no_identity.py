# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "the identity is missing"
# names = ["adjoint-no-identity"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    for Y in path[:0:-1]:
        g = np.linalg.solve((-h * jacobian(Y)).T, g)
    return g
