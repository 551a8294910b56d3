# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "np.sum knows no nodes"
# names = ["np-sum"]
# ///
# NumPy's sum calls the node's, with an argument that it does not take.
# %% loss
def loss(answers, targets):
    return np.sum((answers - targets) ** 2) / targets.size
