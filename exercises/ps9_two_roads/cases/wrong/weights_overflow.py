# /// case
# set = "ps9"
# fails = ["weights-value"]
# says = "exp of a logit of 1000 is infinite"
# names = ["exp-overflows"]
# ///
# %% weights
def log_weights(logits):
    return logits - logits.exp().sum().log()
