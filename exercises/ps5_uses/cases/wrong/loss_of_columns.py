# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "you returned an array of shape"
# ///
# %% loss
def loss(answers, targets):
    d = answers - targets
    return (d * d).sum(axis=0) / len(targets)
