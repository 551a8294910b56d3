# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "and one more E and M step raises it to"
# names = []
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(6):
        R, _ = memberships(points, mixture)
        mixture = refit(points, R, mixture)
    return mixture
