# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "ten iterations, and then the end"
# names = ["ten-iterations"]
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(10):
        R, _ = memberships(points, mixture)
        mixture = refit(points, R, mixture)
    return mixture
