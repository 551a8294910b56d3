# /// case
# set = "ps9"
# fails = ["likelihood-far"]
# says = "an exponential overflows"
# names = ["overflow"]
# ///
# %% likelihood
def log_likelihood(points, logits, means, diagonals, corners):
    a = log_densities(points, means, diagonals, corners) + log_weights(logits).reshape((len(logits.value), 1))
    top = a.value.min(axis=0)
    return ((a - top).exp().sum(axis=0).log() + top).sum()
