# /// case
# set = "ps5"
# fails = ["network-answers"]
# says = "does not support ufuncs"
# names = []
# ///
# %% network
def network(W1, b1, W2, b2, X):
    return (np.matmul(X, W1) + b1).tanh() @ W2 + b2
