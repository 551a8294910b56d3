# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "half of it: no 1/2 was asked for"
# names = ["half-of-it"]
# ///
# %% loss
def loss(answers, targets):
    return ((answers - targets) ** 2).sum() / (2 * targets.size)
