# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "its gradient is not divided"
# names = ["gradient-not-averaged"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    n = len(scores)
    hits = np.eye(scores.shape[1])[labels]
    below = scores - scores.max(axis=1, keepdims=True)
    logs = below - np.log(np.exp(below).sum(axis=1, keepdims=True))
    return -(logs * hits).sum() / n, np.exp(logs) - hits
