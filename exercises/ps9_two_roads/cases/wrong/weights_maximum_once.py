# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient"]
# says = "the largest logit is subtracted once only"
# names = ["subtracted-once"]
# ///
# %% weights
def log_weights(logits):
    return logits - (logits - logits.value.max()).exp().sum().log()
