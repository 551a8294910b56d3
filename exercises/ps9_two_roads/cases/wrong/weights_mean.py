# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient"]
# says = "the logits less their mean"
# names = ["less-their-mean"]
# ///
# %% weights
def log_weights(logits):
    return logits - logits.sum() / logits.value.size
