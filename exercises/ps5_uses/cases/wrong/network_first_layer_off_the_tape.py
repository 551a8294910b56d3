# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "the first layer is computed with `.value`"
# names = ["layer-off-tape"]
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return Node(np.tanh((X @ W1 + b1).value)) @ W2 + b2
