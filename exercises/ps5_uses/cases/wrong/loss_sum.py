# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "the sum in place of the mean"
# names = ["sum-for-mean"]
# ///
# %% loss
def loss(answers, targets):
    return ((answers - targets) ** 2).sum()
