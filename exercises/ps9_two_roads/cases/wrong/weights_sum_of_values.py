# /// case
# set = "ps9"
# fails = ["weights-gradient"]
# says = "the sum was computed with plain arrays"
# names = ["value-in-sum"]
# ///
# %% weights
def log_weights(logits):
    b = logits - logits.value.max()
    return b - np.log(np.exp(b.value).sum())
