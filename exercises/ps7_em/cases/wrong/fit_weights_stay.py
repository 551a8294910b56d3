# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "the weights stay as they were"
# names = ["start-weights"]
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(900):
        R, _ = memberships(points, mixture)
        new = refit(points, R, mixture)
        mixture = [(w, mean, c) for (w, _, _), (_, mean, c) in zip(mixture, new)]
    return mixture
