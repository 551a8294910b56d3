# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "h is missing in the matrix"
# names = ["adjoint-no-h"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    for Y in path[:0:-1]:
        g = np.linalg.solve((np.eye(len(g)) - jacobian(Y)).T, g)
    return g
