# /// case
# set = "ps5"
# fails = ["adjoint-of-a-path"]
# says = "the matrix is not transposed"
# names = ["adjoint-not-transposed"]
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    eye = np.eye(len(g))
    for Y in path[:0:-1]:
        g = np.linalg.solve(eye - h * jacobian(Y), g)
    return g
