# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient"]
# says = "`log_weights` returns a plain array"
# names = ["weights-off-tape"]
# ///
# %% weights
def log_weights(logits):
    b = logits.value - logits.value.max()
    return b - np.log(np.exp(b).sum())
