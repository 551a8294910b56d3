# /// case
# set = "ps5"
# fails = ["softmax-loss"]
# says = "exponentials of scores as they stand"
# names = ["softmax-overflows"]
# ///
# %% softmax
def softmax_loss(scores, labels):
    e = np.exp(scores)
    p = e / e.sum(axis=1, keepdims=True)
    n = len(scores)
    l = -np.log(p[np.arange(n), labels]).mean()
    g = p.copy(); g[np.arange(n), labels] -= 1
    return l, g / n
