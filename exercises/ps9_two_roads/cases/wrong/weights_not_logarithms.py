# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient"]
# says = "the weights themselves"
# names = ["weights-not-log"]
# ///
# %% weights
def log_weights(logits):
    e = (logits - logits.value.max()).exp()
    return e / e.sum()
