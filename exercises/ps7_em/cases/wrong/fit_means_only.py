# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "only the means move"
# names = ["only-means"]
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(300):
        R, _ = memberships(points, mixture)
        new = refit(points, R, mixture)
        mixture = [(w, mean, c) for (w, _, c), (_, mean, _) in zip(mixture, new)]
    return mixture
