# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient"]
# says = "the weights themselves"
# ///
# %% weights
def log_weights(logits):
    e = (logits - logits.value.max()).exp()
    return e / e.sum()
