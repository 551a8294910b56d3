# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "where it is to be divided"
# names = ["adjoint-multiplied"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    eye = np.eye(len(g))
    for Y in path[:0:-1]:
        g = (eye - h * jacobian(Y)).T @ g
    return g
