# /// case
# set = "ps9"
# fails = ["weights-value", "weights-gradient"]
# says = "NumPy was given a node"
# names = ["numpy-on-a-node"]
# ///
# %% weights
def log_weights(logits):
    s = logits - logits.value.max()
    return s - np.log(np.exp(s).sum())
