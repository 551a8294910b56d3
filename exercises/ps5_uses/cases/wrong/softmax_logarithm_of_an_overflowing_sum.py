# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "the logarithm of a sum of exponentials as they stand"
# names = ["softmax-sum-overflows"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    rows = np.arange(len(scores))
    gradient = np.exp(logs)
    gradient[rows, labels] -= 1
    return -logs[rows, labels].mean(), gradient / len(rows)
