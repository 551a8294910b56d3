# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "exponentials of scores as they stand"
# names = ["softmax-overflows"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    rows = np.arange(len(scores))
    gradient = shares.copy()
    gradient[rows, labels] -= 1
    return -np.log(shares[rows, labels]).mean(), gradient / len(scores)
