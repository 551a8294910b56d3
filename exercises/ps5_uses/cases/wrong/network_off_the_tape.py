# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "a node is made of plain numbers"
# names = ["network-off-tape"]
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return Node(np.tanh(X @ W1.value + b1.value) @ W2.value + b2.value)
