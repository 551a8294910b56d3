# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "divided by the number of rows"
# names = ["over-rows"]
# ///
# %% loss
def loss(answers, targets):
    return ((answers - targets) ** 2).sum() / len(targets)
