# /// case
# set = "ps7"
# fails = []
# ///
# So many iterations that every run has come to rest, as the text says.
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(500):
        mixture = refit(points, memberships(points, mixture)[0], mixture)
    return mixture
