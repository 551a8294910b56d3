# /// case
# set = "ps9"
# fails = ["weights-value"]
# says = "what is subtracted is not the largest logit"
# names = ["not-the-largest"]
# ///
# %% weights
def log_weights(logits):
    s = logits - logits.value.min()
    return s - s.exp().sum().log()
