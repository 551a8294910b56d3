# /// case
# set = "ps9"
# fails = ["weights-value"]
# says = "what is subtracted is not the largest logit"
# names = ["not-the-largest"]
# ///
# %% weights
def log_weights(logits):
    b = logits - logits.value.mean()
    return b - b.exp().sum().log()
