# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "the tape has no method .mean()"
# names = ["no-mean"]
# ///
# A method that arrays have, and nodes have not.
# %% loss
def loss(answers, targets):
    return ((answers - targets) ** 2).mean()
