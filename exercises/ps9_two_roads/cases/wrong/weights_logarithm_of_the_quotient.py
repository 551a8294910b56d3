# /// case
# set = "ps9"
# fails = ["weights-value"]
# says = "the logarithm of a quotient that is 0"
# names = ["log-of-quotient"]
# ///
# %% weights
def log_weights(logits):
    e = (logits - logits.value.max()).exp()
    return (e / e.sum()).log()
