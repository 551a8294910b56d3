# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "the largest score of the whole table"
# names = ["one-largest-for-all"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    s = scores - scores.max()
    ls = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    n = len(scores)
    g = np.exp(ls); g[np.arange(n), labels] -= 1
    return -ls[np.arange(n), labels].mean(), g / n
