# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "not the row's largest score"
# names = ["not-the-largest"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    s = scores - scores.min(axis=1, keepdims=True)
    ls = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    n = len(scores)
    g = np.exp(ls); g[np.arange(n), labels] -= 1
    return -ls[np.arange(n), labels].mean(), g / n
