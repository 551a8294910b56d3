# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "np.mean takes a node for one number"
# names = ["np-mean"]
# ///
# NumPy's mean sees one object and divides it by 1.
# %% loss
def loss(answers, targets):
    return np.mean((answers - targets) ** 2)
