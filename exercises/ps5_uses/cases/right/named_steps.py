# /// case
# set = "ps5"
# fails = []
# ///
# %% network
def network(W1, b1, W2, b2, X):
    hidden = (Node(X) @ W1 + b1).tanh()
    return b2 + hidden @ W2
# %% loss
def loss(answers, targets):
    difference = Node(targets) - answers
    rows, columns = targets.shape
    return (difference * difference).sum() * (1.0 / (rows * columns))
