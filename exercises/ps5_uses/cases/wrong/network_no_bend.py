# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "without the bend: two layers without tanh between them are one"
# names = ["no-bend"]
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return (X @ W1 + b1) @ W2 + b2
