# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "I + h f' in place of I - h f'"
# names = ["adjoint-plus"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    for Y in path[:0:-1]:
        g = np.linalg.solve((np.eye(len(g)) + h * jacobian(Y)).T, g)
    return g
