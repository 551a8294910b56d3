# /// case
# set = "ps5"
# fails = ["mean-squared-loss"]
# says = "a node is made of a plain number"
# names = ["loss-off-tape"]
# ///
# %% loss
def loss(answers, targets):
    return Node(np.mean((answers.value - targets) ** 2))
