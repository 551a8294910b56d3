# /// case
# set = "ps8"
# fails = ["fit-settings", "fit-likelihood", "count-full", "count-tied", "count-variances", "bic-value", "doubtful-points", "collapsed-directions", "collapsed-units", "best-model"]
# says = "This part is not done yet"
# ///
# %% fit
def fitted(points, kinds, shape):
    raise NotImplementedError()
# %% count
def free_parameters(kinds, d, shape):
    raise NotImplementedError()
# %% bic
def bic(score, p, n):
    raise NotImplementedError()
# %% doubt
def doubtful(probabilities, sure):
    raise NotImplementedError()
# %% collapse
def collapsed(covariances, spread, thin):
    raise NotImplementedError()
# %% judge
def best_model(points, choices, thin):
    raise NotImplementedError()
