# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "each column is made to sum to 1"
# names = ["softmax-of-columns"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    n = len(scores)
    hits = np.eye(scores.shape[1])[labels]
    below = scores - scores.max(axis=0, keepdims=True)
    logs = below - np.log(np.exp(below).sum(axis=0, keepdims=True))
    return -(logs * hits).sum() / n, (np.exp(logs) - hits) / n
