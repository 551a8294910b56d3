# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "only the last step"
# names = ["last-step-alone"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    return np.linalg.solve((np.eye(len(g)) - h * jacobian(path[-1])).T, g)
