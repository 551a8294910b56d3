# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "b1 and b2 are missing"
# names = ["no-biases"]
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return (X @ W1).tanh() @ W2
