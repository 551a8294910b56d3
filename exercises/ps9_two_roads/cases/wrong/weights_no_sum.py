# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient"]
# says = "the logarithm of the sum is missing"
# names = ["no-log-of-sum"]
# ///
# %% weights
def log_weights(logits):
    return logits - logits.value.max()
