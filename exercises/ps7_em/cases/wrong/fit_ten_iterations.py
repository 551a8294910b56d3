# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "the mixture after ten iterations"
# names = ["ten-iterations"]
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(10):
        R, _ = memberships(points, mixture)
        mixture = refit(points, R, mixture)
    return mixture
