# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "a step too many"
# names = ["one-step-too-many"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    for Y in path[::-1]:
        g = np.linalg.solve((np.eye(len(g)) - h * jacobian(Y)).T, g)
    return g
