# /// case
# set = "ps7"
# fails = []
# ///
# A rule for the parameters in place of the likelihood; the fit does not ask at_rest.
# %% loop
def fit_mixture(points, start):
    mixture = start
    while True:
        R, _ = memberships(points, mixture)
        new = refit(points, R, mixture)
        moved = max(abs(m - n).max() for (_, m, _), (_, n, _) in zip(mixture, new))
        mixture = new
        if moved < 1e-7:
            return mixture
# %% stop
def at_rest(history):
    changes = abs(np.diff(history[-4:]))
    return len(changes) == 3 and changes.max() < 1e-5
