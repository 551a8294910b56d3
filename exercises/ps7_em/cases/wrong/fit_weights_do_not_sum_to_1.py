# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "expected weights that sum to 1"
# names = []
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(300):
        R, _ = memberships(points, mixture)
        mixture = refit(points, R, mixture)
    return [(2 * weight, mean, covariance) for weight, mean, covariance in mixture]
