# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "minus the logarithm of the share"
# names = ["loss-without-minus"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    s = scores - scores.max(axis=1, keepdims=True)
    ls = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    n = len(scores)
    g = np.exp(ls); g[np.arange(n), labels] -= 1
    return ls[np.arange(n), labels].mean(), g / n
