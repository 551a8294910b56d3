# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "too small for a float, log 0"
# names = ["log-of-a-share"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    n = len(scores)
    l = -np.log(p[np.arange(n), labels]).mean()
    g = p.copy(); g[np.arange(n), labels] -= 1
    return l, g / n
