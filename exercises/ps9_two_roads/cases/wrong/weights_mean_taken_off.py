# /// case
# set = "ps9"
# fails = ["weights-value"]
# says = "the mean of the logits is subtracted"
# names = ["mean-taken-off"]
# ///
# %% weights
def log_weights(logits):
    b = logits - logits.value.mean()
    return b - b.exp().sum().log()
