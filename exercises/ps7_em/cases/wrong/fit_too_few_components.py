# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "expected as many components as in start"
# names = []
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start[:-1]
    for _ in range(100):
        R, _ = memberships(points, mixture)
        mixture = refit(points, R, mixture)
    return mixture
