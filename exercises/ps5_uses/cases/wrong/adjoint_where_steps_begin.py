# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "taken where a step begins"
# names = ["adjoint-at-the-beginning"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    eye = np.eye(len(g))
    for y in path[-2::-1]:
        g = np.linalg.solve((eye - h * jacobian(y)).T, g)
    return g
