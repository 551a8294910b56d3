# /// case
# set = "ps7"
# fails = ["fit", "fit-from-afar"]
# says = "hard assignment: each point was counted wholly"
# names = ["hard-counts"]
# ///
# %% loop
def fit_mixture(points, start):
    mixture = start
    for _ in range(100):
        R, _ = memberships(points, mixture)
        mixture = refit(points, (R == R.max(axis=0)) * 1.0, mixture)
    return mixture
