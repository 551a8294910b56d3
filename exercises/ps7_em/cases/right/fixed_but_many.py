# /// case
# set = "ps7"
# fails = []
# ///
# So many iterations that every run is near enough, as the text says.
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(400):
        mixture = refit(points, memberships(points, mixture)[0], mixture)
    return mixture
