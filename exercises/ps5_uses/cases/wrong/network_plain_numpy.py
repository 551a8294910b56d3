# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "np.tanh knows no nodes: use the method .tanh() of the node"
# names = ["np-tanh"]
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return np.tanh(X @ W1 + b1) @ W2 + b2
