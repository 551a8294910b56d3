# /// case
# set = "ps8"
# fails = []
# says = ""
# ///
# %% count
def free_parameters(kinds, d, shape):
    upper = len(np.triu_indices(d)[0])
    number = kinds * (d + 1) - 1
    if shape == "spherical":
        return number + kinds
    if shape == "diag":
        return number + kinds * d
    return number + (upper if shape == "tied" else kinds * upper)
# %% bic
import math

def bic(score, p, n):
    log_likelihood = n * score
    return math.log(n) * p - (log_likelihood + log_likelihood)
