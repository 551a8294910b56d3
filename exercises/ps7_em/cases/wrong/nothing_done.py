# /// case
# set = "ps7"
# fails = ["means-of-two", "means-of-more", "log-sum-near", "log-sum-far", "log-joint", "memberships", "log-likelihood", "far-points", "new-weights", "new-means", "new-covariances", "stopping", "fit", "fit-from-afar", "bound", "bound-with-zeros"]
# says = "This part is not done yet"
# names = []
# ///
# %% means
def better_means(x, means, sigma):
    raise NotImplementedError()
# %% log-sum
def log_sum(a):
    raise NotImplementedError()
# %% joint
def log_joint(points, mixture):
    raise NotImplementedError()
# %% e-step
def memberships(points, mixture):
    raise NotImplementedError()
# %% m-step
def refit(points, R, old):
    raise NotImplementedError()
# %% stop
def at_rest(history):
    raise NotImplementedError()
# %% loop
def fit_mixture(points, start):
    raise NotImplementedError()
# %% elbo
def lower_bound(points, R, mixture):
    raise NotImplementedError()
