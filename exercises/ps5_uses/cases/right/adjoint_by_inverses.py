# /// case
# set = "ps5"
# fails = []
# ///
# %% adjoint
def pull_back(jacobian, path, h, g):
    row = g
    for k in range(len(path) - 1, 0, -1):
        row = row @ np.linalg.inv(np.eye(len(row)) - h * jacobian(path[k]))
    return row
