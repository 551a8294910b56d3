# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "the square of the mean"
# names = ["square-of-mean"]
# ///
# %% loss
def loss(answers, targets):
    return (((answers - targets).sum() / targets.size) ** 2)
